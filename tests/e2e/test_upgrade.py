"""A filled database of an older version is upgraded, and nothing in it is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.tooling import databases, postgres, provision
from scripts.tooling.paths import CHECKOUT
from scripts.tooling.servers import OdooServer

#: The last state of version 1.0.0, before the files went into rooms.
OLD = "f70b738"
#: What it imports and the present addon no longer needs; no XML is read here.
GONE = {
    "defusedxml/__init__.py": "from xml.etree import ElementTree\n",
    "defusedxml/common.py": "class DefusedXmlException(ValueError): pass\n",
}
#: Written anew by every upgrade, or by Odoo itself.
OWN_TIME = {"write_date", "write_uid"}
FILL = (Path(__file__).parent / "fill_all_tables.py").read_text(encoding="utf-8")
TABLES = """
SELECT table_name, string_agg(column_name, ' ')
  FROM information_schema.columns
 WHERE table_schema = 'public' AND (table_name LIKE 'ebay\\_%'
       OR column_name LIKE 'ebay\\_%' OR column_name = 'id' AND table_name IN
          ('sale_order', 'sale_order_line', 'stock_picking', 'res_partner'))
   AND table_name IN (SELECT tablename FROM pg_tables)
 GROUP BY table_name
"""
NAMES = """
SELECT 'id ' || module || '.' || name || ' ' || model || ' ' || res_id
  FROM ir_model_data WHERE module = 'ebay_sync'
 UNION ALL SELECT 'menu ' || id || ' ' || (name->>'en_US') FROM ir_ui_menu
 UNION ALL SELECT 'field ' || model || '.' || name || ' ' || ttype
  FROM ir_model_fields WHERE model LIKE 'ebay.%' OR name LIKE 'ebay\\_%'
"""
ORPHANS = """
SELECT f.model || '.' || f.name FROM ir_model_fields f
 WHERE f.state = 'base' AND f.model LIKE 'ebay.%' AND NOT EXISTS (
       SELECT 1 FROM ir_model_data d
        WHERE d.model = 'ir.model.fields' AND d.res_id = f.id)
"""
INDEXES = """
SELECT relname, oid, obj_description(oid, 'pg_class') FROM pg_class
 WHERE relkind = 'i' AND (relname LIKE 'ebay\\_%' OR relname LIKE 'sale_order_ebay\\_%')
   AND relname ~ '_(idx|uniq)$'
"""


@pytest.fixture(scope="module")
def old_addon(tmp_path_factory):
    """A folder with the addon as it was, and one with what it imports."""
    git = ["git", "-c", f"safe.directory={CHECKOUT}", "-C", str(CHECKOUT)]
    archive = subprocess.run(
        [*git, "archive", OLD, "ebay_sync"], capture_output=True, check=False
    )
    if archive.returncode:
        pytest.skip(f"this checkout has no history back to {OLD}: nothing to upgrade")
    addons = tmp_path_factory.mktemp("old")
    subprocess.run(["tar", "-x", "-C", addons], input=archive.stdout, check=True)
    manifest = addons / "ebay_sync/__manifest__.py"
    manifest.write_text(manifest.read_text("utf-8").replace('"defusedxml", ', ""))
    packages = tmp_path_factory.mktemp("packages")
    for name, text in GONE.items():
        (packages / name).parent.mkdir(exist_ok=True)
        (packages / name).write_text(text)
    yield addons, packages
    shutil.rmtree(addons)


@pytest.fixture(scope="module")
def upgraded(old_addon):
    """(what the database held before, what it holds after, the server)."""
    addons, packages = old_addon
    runtime = provision.runtime(provision.default_series())
    paths = [addons if p == CHECKOUT else p for p in runtime.tree.addons_paths]
    with (
        databases.fresh(runtime, databases.base_template(runtime)) as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        old = OdooServer(runtime, name, {"addons_path": ",".join(map(str, paths))})
        patch.setenv("PYTHONPATH", str(packages), prepend=os.pathsep)
        run_odoo(old, "-i", "ebay_sync", "--without-demo=all")
        unfilled = old.shell(FILL)
        before = contents(old)
        patch.undo()
        new = OdooServer(runtime, name)
        run_odoo(new, "-u", "ebay_sync")
        yield unfilled, before, contents(new), new


def run_odoo(server, *options):
    """Install or upgrade, and end."""
    variables = postgres.environment()
    environment = server.runtime.environment(
        variables, server._configuration(variables)
    )
    command = server.runtime.command(
        "-d", server.database, "--no-http", "--stop-after-init", "--log-level=warn"
    )
    done = subprocess.run(
        [*command, *options],
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert " ERROR " not in done.stderr, done.stderr[-3000:]


def contents(server):
    """{(table, id): row} of the addon's tables, and of its columns of Odoo's tables."""
    found = {}
    for line in server.sql(TABLES).splitlines():
        table, columns = line.split("|")
        names = {f'"{name}"' for name in columns.split()}
        is_relation = table.endswith("_rel")
        whole = is_relation or table.startswith("ebay_")
        key = "md5(r::text)" if is_relation else "id"
        kept = "*" if whole else ", ".join({*names, '"id"'})
        rows = server.sql(
            f'SELECT {key}, to_jsonb(r) FROM (SELECT {kept} FROM "{table}") r'
        )
        for row in rows.splitlines():
            number, _, document = row.partition("|")
            found[table, number] = json.loads(document)
    return {
        "rows": found,
        "names": set(server.sql(NAMES).splitlines()),
        "indexes": {
            line.split("|", 2)[0]: line.split("|", 2)[1:]
            for line in server.sql(INDEXES).splitlines()
        },
    }


def test_every_table_was_filled(upgraded):
    assert upgraded[0] == ""


def test_no_row_and_no_value_is_lost(upgraded):
    _unfilled, before, after, _server = upgraded
    assert len(before["rows"]) > 100
    changed = {}
    for place, row in before["rows"].items():
        now = after["rows"].get(place)
        if now is None:
            changed[place] = "gone"
            continue
        other = {
            name: (value, now.get(name, "no such column"))
            for name, value in row.items()
            if name not in OWN_TIME and now.get(name, "no such column") != value
        }
        if other:
            changed[place] = other
    assert not changed


def test_ids_menus_and_fields_keep_their_names(upgraded):
    _unfilled, before, after, _server = upgraded
    assert sorted(before["names"] - after["names"]) == []


def test_indexes_are_described_and_not_made_anew(upgraded):
    _unfilled, before, after, _server = upgraded
    old, new = before["indexes"], after["indexes"]
    described = {name for name, (_oid, text) in new.items() if text}
    assert {"ebay_issue_open_uniq", "sale_order_ebay_open_idx"} <= described
    assert {n: new[n][0] for n in described & old.keys()} == {
        n: old[n][0] for n in described & old.keys()
    }


def test_no_field_is_orphaned(upgraded):
    assert upgraded[3].sql(ORPHANS) == ""
