"""odoo.conf.example is what Odoo can read, and says why for every setting."""

import configparser

from scripts.tooling.paths import CHECKOUT

FILE = CHECKOUT / "odoo.conf.example"


def settings():
    parser = configparser.RawConfigParser()  # as Odoo does: no comments after values
    parser.read(FILE, encoding="utf-8")
    assert parser.sections() == ["options"]
    return dict(parser.items("options"))


def test_every_setting_has_its_reason():
    lines = FILE.read_text(encoding="utf-8").splitlines()
    for before, line in zip(lines, lines[1:], strict=False):
        if " =" in line and not line.startswith(";"):
            assert before.startswith("; "), f"no reason above: {line}"


def test_no_value_holds_a_comment():
    assert not [value for value in settings().values() if ";" in value or "#" in value]


def test_two_machines_one_database_and_a_proxy():
    told = settings()
    assert told["db_host"] == "192.168.0.201"
    assert told["http_interface"] == "192.168.0.200"
    assert told["proxy_mode"] == "True"
    assert told["list_db"] == "False"
    assert told["admin_passwd"] == ""
    assert told["db_name"] and "dbfilter" not in told  # as docs/deployment.md says


def test_all_processes_fit_into_postgresql():
    told = settings()
    processes = int(told["workers"]) + int(told["max_cron_threads"]) + 1
    assert processes * int(told["db_maxconn"]) < 100


def test_a_slice_of_a_flow_is_not_cut_off():
    told = settings()
    assert int(told["limit_time_cpu"]) > 60
    assert int(told["limit_time_real_cron"]) > int(told["limit_time_real"])


def test_no_key_is_given_away():
    assert "ebay_sync_encryption_key" not in settings()
    assert ";ebay_sync_encryption_key =" in FILE.read_text(encoding="utf-8")
