"""Odoo from the vendor's archive, else from Debian, else a sentence."""

import functools
import http.server
import io
import os
import socket
import tarfile
import threading

import pytest

from scripts.tooling import odoo_archive, odoo_home, provision, setup, venvs
from scripts.tooling.paths import Problem
from unit.tooling.fakes import make_tree


def archive(folder, series="18.0"):
    """The bytes of a source archive as the vendor packs it."""
    make_tree(folder, series)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.add(folder, arcname=f"odoo-{series}.post20260101")
    return packed.getvalue()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A download site on this machine; returns the folder that it serves."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/odoo_{{series}}.tar.gz"
    monkeypatch.setenv("EBAY_SYNC_ODOO_ARCHIVE", url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def nothing_else(programs, monkeypatch):
    """No Odoo on the PATH, no apt, nothing built."""
    for name in ("tar", "gzip"):
        found = next(
            f"{folder}/{name}"
            for folder in os.environ["PATH"].split(":")
            if os.access(f"{folder}/{name}", os.X_OK)
        )
        (programs.folder / name).symlink_to(found)
    programs.only()
    monkeypatch.setattr(venvs, "ensure", lambda recipe: recipe.folder / "bin/python")


@pytest.fixture
def closed_port(monkeypatch):
    """The download site cannot be reached."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/x"
        monkeypatch.setenv("EBAY_SYNC_ODOO_ARCHIVE", url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield


def test_the_archive_is_unpacked_into_the_cache(site, nothing_else, tmp_path, cache):
    (site / "odoo_18.0.tar.gz").write_bytes(archive(tmp_path / "source"))
    runtime = provision.runtime("18.0")
    assert runtime.tree.package == cache / "odoo" / "18.0" / "odoo"
    assert runtime.series == "18.0"
    assert [file.name for file in (cache / "odoo").iterdir()] == ["18.0"]


@pytest.mark.parametrize("cut", [0, 100])
def test_an_archive_that_is_cut_off(site, nothing_else, tmp_path, cache, cut):
    (site / "odoo_18.0.tar.gz").write_bytes(archive(tmp_path / "source")[:cut])
    with pytest.raises(Problem, match="is no whole archive"):
        provision.runtime("18.0")
    assert not odoo_home.cached("18.0").exists()


def test_an_archive_of_another_series(site, nothing_else, tmp_path):
    (site / "odoo_18.0.tar.gz").write_bytes(archive(tmp_path / "source", "17.0"))
    with pytest.raises(Problem, match=r"holds no Odoo 18\.0"):
        provision.runtime("18.0")


def test_an_archive_that_takes_too_long(site, nothing_else, tmp_path, monkeypatch):
    (site / "odoo_18.0.tar.gz").write_bytes(archive(tmp_path / "source"))
    monkeypatch.setattr(odoo_archive, "WHOLE_SECONDS", -1)
    with pytest.raises(Problem, match="too slow"):
        provision.runtime("18.0")


def test_nothing_reached_names_every_way_and_the_cure(nothing_else, closed_port):
    with pytest.raises(Problem) as caught:
        provision.runtime("18.0")
    sentence = str(caught.value)
    assert "refused" in sentence
    assert "no Debian or Ubuntu machine" in sentence
    assert sentence.endswith("set ODOO_HOME to the folder that contains odoo-bin.")


def test_a_failure_is_not_repeated_at_once(
    nothing_else, closed_port, monkeypatch, cache
):
    with pytest.raises(Problem):
        provision.runtime("18.0")

    def fetch(series, target):
        raise AssertionError("downloaded again")

    monkeypatch.setattr(odoo_archive, "fetch", fetch)
    with pytest.raises(Problem, match="could not be downloaded"):
        provision.runtime("18.0", retry=False)
    with pytest.raises(AssertionError):
        provision.runtime("18.0", retry=True)
    os.utime(cache / "odoo" / "18.0.failure", (0, 0))
    with pytest.raises(AssertionError):
        provision.runtime("18.0", retry=False)


def test_odoo_home_says_which_odoo_is_meant(nothing_else, tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(make_tree(tmp_path / "mine", "18.0")))
    monkeypatch.setattr(
        odoo_archive, "fetch", lambda *_: pytest.fail("something was downloaded")
    )
    assert provision.runtime("18.0").tree.import_root == tmp_path / "mine"
    with pytest.raises(Problem, match=r"19\.0 is not in ODOO_HOME"):
        provision.runtime("19.0", required=False)


def test_another_series_is_refused():
    with pytest.raises(Problem, match="17.0 is not supported: say 18.0 or 19.0"):
        provision.runtime("17.0")


def test_the_default_series(nothing_else, tmp_path, monkeypatch):
    with pytest.raises(Problem, match="No Odoo was found"):
        provision.default_series()
    monkeypatch.setenv("ODOO_HOME", str(make_tree(tmp_path / "mine", "19.0")))
    assert provision.default_series() == "19.0"
    monkeypatch.setenv("EBAY_SYNC_SERIES", "18.0")
    assert provision.default_series() == "18.0"


@pytest.fixture
def prepared(nothing_else, closed_port, monkeypatch, tmp_path):
    """18.0 is there, 19.0 is not; Python and PostgreSQL are ready."""
    make_tree(odoo_home.cached("18.0"), "18.0")
    monkeypatch.setattr(setup.postgres, "environment", dict)


def test_setup_is_content_with_one_series(prepared, capsys):
    assert setup.main([]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Odoo 18.0: ")
    assert "Odoo 19.0 is not on this machine" in told.err


def test_setup_insists_on_the_series_it_was_asked_for(prepared):
    assert setup.main(["--odoo", "18.0"]) == 0
    assert setup.main(["--odoo", "19.0"]) == 1


def test_setup_takes_the_odoo_it_is_shown(prepared, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ODOO_HOME", "")
    home = make_tree(tmp_path / "my odoo", "19.0")
    assert setup.main(["--odoo", "19.0", "--odoo-home", str(home)]) == 0
    assert str(home) in capsys.readouterr().out


def test_setup_fails_when_a_common_step_does(prepared, monkeypatch):
    def down():
        raise Problem("no PostgreSQL")

    monkeypatch.setattr(setup.postgres, "environment", down)
    with pytest.raises(Problem, match="no PostgreSQL"):
        setup.main([])
