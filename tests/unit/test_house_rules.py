"""The rules of the house hold, and every rule can fail."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

from unit import house_rules
from unit.house_rules import RULES, Source

ROOT = Path(__file__).resolve().parents[2]
CODE = (".py", ".xml", ".js", ".sh", ".scss", ".toml", ".sql", ".yml", ".yaml")
#: Directories that machines keep programs and data in, whoever owns them.
COMMON = {Path(path) for path in ("/", "/home", "/opt", "/srv", "/tmp", "/usr", "/var")}

# For each rule, files that break it: (path, text).
BAD = {
    "imports_go_down": [
        ("ebay_sync/ebay_api/inventory.py", "from ..mapping import money"),
        ("ebay_sync/ebay_api/inventory.py", "from mapping.money import amount"),
        (
            "ebay_sync/mapping/orders/order.py",
            "from odoo.addons.ebay_sync import compat",
        ),
        ("ebay_sync/mapping/orders/order.py", "from ...ebay_api import errors"),
        ("ebay_sync/models/orders/ebay_order.py", "from ...flows import engine"),
        ("ebay_sync/flows/orders/orders_in.py", "from ...controllers import oauth"),
        ("ebay_sync/flows/orders/orders_in.py", "from ...wizards import account"),
        ("ebay_sync/compat.py", "from .models import ebay_account"),
        ("ebay_sync/controllers/oauth.py", "from .. import wizards"),
        (
            "ebay_sync/models/orders/ebay_order.py",
            "import importlib\nimportlib.import_module('odoo.addons.ebay_sync.flows')",
        ),
    ],
    "models_build_clients_in_one_place": [
        ("ebay_sync/models/orders/ebay_order.py", "from ...ebay_api import errors"),
    ],
    "pure_parts_know_no_odoo": [
        ("ebay_sync/mapping/orders/order.py", "from odoo import fields"),
        ("ebay_sync/ebay_api/oauth.py", "def f():\n    import odoo.tools"),
        ("ebay_sync/ebay_api/oauth.py", "from odoo.addons.ebay_sync.ebay_api import x"),
        ("ebay_sync/mapping/orders/order.py", "from mapping.money import amount"),
        ("ebay_sync/mapping/orders/order.py", "import mapping.money"),
    ],
    "mapping_is_pure": [
        ("ebay_sync/mapping/stock_prices/price.py", "rate = 0.5"),
        ("ebay_sync/mapping/stock_prices/price.py", "def f(x): return float(x)"),
        ("ebay_sync/mapping/orders/order.py", "def f(): return datetime.now(UTC)"),
        ("ebay_sync/mapping/orders/order.py", "def f(p): return open(p)"),
        ("ebay_sync/mapping/orders/order.py", "import os"),
    ],
    "http_only_in_transport": [
        ("ebay_sync/ebay_api/inventory.py", "import requests"),
        ("ebay_sync/ebay_api/errors.py", "from requests.exceptions import Timeout"),
        (
            "ebay_sync/flows/orders/orders_in.py",
            "def f():\n    from urllib import request",
        ),
        ("ebay_sync/models/ebay_image.py", "import http.client"),
    ],
    "commit_only_in_compat": [
        ("ebay_sync/flows/orders/orders_in.py", "self.env.cr.commit()"),
        ("ebay_sync/models/orders/ebay_order.py", "self._cr.rollback()"),
        ("ebay_sync/controllers/webhook.py", "done = request.env.cr.commit\ndone()"),
    ],
    "series_only_in_compat": [
        ("ebay_sync/models/orders/sale_order.py", "from odoo import release"),
        (
            "ebay_sync/models/orders/sale_order.py",
            "from odoo.release import version_info",
        ),
        ("ebay_sync/hooks.py", "import odoo\nprint(odoo.release)"),
        ("ebay_sync/hooks.py", "import sys\nassert sys.version_info > (3, 10)"),
    ],
    "terms_know_their_language": [
        ("ebay_sync/models/orders/sale_order.py", "from odoo import _, api"),
        ("ebay_sync/models/orders/sale_order.py", "from odoo.tools.translate import _"),
    ],
    "ebay_keys_only_in_pure_parts": [
        ("ebay_sync/flows/orders/orders_in.py", "order['orderId']"),
        ("ebay_sync/models/orders/ebay_order.py", "x = payload.get('lineItems', [])"),
        ("ebay_sync/flows/orders/orders_in.py", "get(order, 'buyer.taxAddress')"),
        ("ebay_sync/flows/orders/orders_in.py", "q = \"SELECT payload ->> 'orderId'\""),
        (
            "ebay_sync/flows/orders/orders_in.py",
            "q = \"payload #>> '{buyer,taxAddress}'\"",
        ),
    ],
    "simulator_stands_alone": [
        ("simulator/orders.py", "from ebay_sync.mapping import money"),
        ("simulator/orders.py", "import odoo.addons.ebay_sync.ebay_api.errors"),
        ("simulator/rest/app.py", "from ebay_api import errors"),
    ],
    "plain_tests_know_no_odoo": [
        ("tests/unit/test_x.py", "from odoo.tests import TransactionCase"),
        ("tests/contract/test_x.py", "import odoo"),
    ],
    "files_are_short": [("simulator/orders.py", "x = 1\n" * 601)],
    "punctuation_is_plain": [
        ("ebay_sync/models/x.py", "name = '\u2026'"),
        ("ebay_sync/views/x.xml", "<p>one \u2013 two</p>"),
        ("scripts/x", "# \u201cquoted\u201d"),
    ],
    "stored_fields_say_who_sets_them": [
        (
            "ebay_sync/models/x.py",
            'class X(models.Model):\n    _name = "ebay.x"\n    _people_set = {}',
        ),
        (
            "ebay_sync/models/x.py",
            'class X(models.Model):\n    _inherit = "ebay.x"\n    a = fields.Char()',
        ),
        (
            "ebay_sync/models/x.py",
            'class X(models.Model):\n    _inherit = "ebay.x"\n'
            '    _people_set = {USER: "b"}\n    a = fields.Char()\n'
            "    b = fields.Char()",
        ),
        (
            "ebay_sync/wizards/x.py",
            'class X(models.TransientModel):\n    _inherit = "sale.order"\n'
            "    ebay_a = fields.Char(compute='_a', inverse='_b')",
        ),
    ],
    "related_fields_say_whose_eyes": [
        (
            "ebay_sync/models/shipments/x.py",
            "class X(models.Model):\n    # the number\n"
            '    ref = fields.Char(related="sale_id.name")',
        ),
    ],
    "wizards_say_why_they_sudo": [
        ("ebay_sync/wizards/orders/x.py", "rows = self.rows.sudo().search([])"),
    ],
    "nothing_is_unfinished": [
        ("ebay_sync/flows/orders/orders_in.py", "# to" + "do: later"),
        ("scripts/setup", "# FIX" + "ME"),
        ("simulator/app.py", "raise NotImplemented" + "Error"),
    ],
    "no_registry_is_named": [
        ("docs/setup.md", "see https://py" + "pi.org/simple/"),
        ("scripts/setup", "curl https://registry.np" + "mjs.org/x"),
    ],
}

# What a rule must let pass, where a careless pattern would not.
GOOD = [
    (
        "ebay_sync/models/shipments/x.py",
        "class X(models.Model):\n    # superuser: it is theirs\n"
        '    ref = fields.Char(related="sale_id.name", readonly=True)',
    ),
    ("ebay_sync/models/account/client.py", "from ...ebay_api import transport"),
    ("ebay_sync/models/account/__init__.py", "from . import ebay_account"),
    ("ebay_sync/models/account/stock.py", "from ...mapping.values import money"),
    ("ebay_sync/__init__.py", "from . import controllers, flows, models"),
    ("ebay_sync/flows/orders/orders_in.py", "from ...ebay_api.errors import Transient"),
    ("ebay_sync/flows/orders/orders_in.py", "from ...mapping.orders import order"),
    (
        "ebay_sync/flows/orders/orders_in.py",
        "MARK = 'eBay'\nKEYS = 'no camelCase alone'",
    ),
    ("ebay_sync/models/x.py", "f = fields.Char(help='orderId', string='eBay')"),
    ("ebay_sync/models/x.py", "env.ref('mail.mail_activity_data_todo')"),
    (
        "ebay_sync/models/x.py",
        'class X(models.Model):\n    _name = "ebay.x"\n'
        '    _inherit = ["ebay.access.mixin"]\n    _people_set = {USER: "a"}\n'
        "    a = fields.Char()\n    b = fields.Char(readonly=True)\n"
        "    c = fields.Char(compute='_c', store=True)",
    ),
    ("ebay_sync/compat.py", "from odoo import release\ncr.commit()"),
    (
        "ebay_sync/mapping/orders/order.py",
        "from ..values import money\nKEY = 'orderId'",
    ),
    ("ebay_sync/ebay_api/transport.py", "import requests"),
    ("ebay_sync/ebay_api/multipart.py", "from urllib3.filepost import x"),
    ("ebay_sync/tests/test_x.py", "body = {'orderId': '1'}"),
    ("simulator/orders.py", "from .state import Orders\ndb.commit()"),
]


def tracked() -> list[str]:
    """The files of the project: what git tracks, else what lies in the tree."""
    if (ROOT / ".git").exists():
        done = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z"],
            capture_output=True,
            text=True,
            check=True,
        )
        names = done.stdout.split("\0")
    else:
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
    return sorted(name for name in names if name and (ROOT / name).is_file())


def text_of(name: str) -> str | None:
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return None


def is_code(name: str) -> bool:
    return name.endswith(CODE) or (
        name.startswith(("scripts/", ".ci/")) and not name.endswith(".md")
    )


@lru_cache(maxsize=1)
def code() -> list[Source]:
    """The code of the project, read and parsed once for all rules."""
    return [Source(name, text_of(name) or "") for name in tracked() if is_code(name)]


def machine_strings() -> dict[str, str]:
    """Strings that would tie the project to this machine, and what each is.

    Read from the machine, never written down: where the checkout and the home
    directory are, and which hosts packages come from.
    """
    found = {}
    for path in (Path.home(), ROOT, ROOT.parent):
        if path not in COMMON:
            found[f"{path}/"] = "a path of this machine"
    commands = (
        ("apt-get", "indextargets", "--format", "$(REPO_URI)"),
        ("npm", "config", "get", "registry"),
        ("pip", "config", "get", "global.index-url"),
    )
    urls = [os.environ.get("PIP_INDEX_URL", "")]
    for command in commands:
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            urls += done.stdout.split()
    for url in urls:
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
        if host and host.partition(":")[0] not in {"localhost", "127.0.0.1"}:
            found[host] = "a package registry's host"
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps(rule):
    findings = [
        f"{source.path}:{line}: {what}"
        for source in code()
        for line, what in rule(source)
    ]
    assert not findings, "\n".join(findings)


def test_no_document_names_a_registry():
    findings = [
        f"{name}:{line}: {what}"
        for name in tracked()
        if not is_code(name)
        for line, what in house_rules.no_registry_is_named(
            Source(name, text_of(name) or "")
        )
    ]
    assert not findings, "\n".join(findings)


#: It shows words of other languages.
GLOSSARY = "docs/glossary.md"


def test_documents_have_plain_punctuation():
    findings = [
        f"{name}:{line}: {what}"
        for name in tracked()
        if name.endswith((".md", ".rst", ".html")) and name != GLOSSARY
        for line, what in house_rules.punctuation_is_plain(
            Source(name, text_of(name) or "")
        )
    ]
    assert not findings, "\n".join(findings)


def test_nothing_ties_the_project_to_this_machine():
    strings = machine_strings()
    assert strings, "the machine revealed nothing about itself"
    findings = [
        f"{name}: {what}"
        for name in tracked()
        for string, what in strings.items()
        if string in (text_of(name) or "")
    ]
    assert not findings, "\n".join(findings)


def test_every_rule_has_a_bad_example():
    assert set(BAD) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [(name, *example) for name, examples in BAD.items() for example in examples],
)
def test_rule_can_fail(name, path, text):
    assert list(getattr(house_rules, name)(Source(path, text)))


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_rules_let_good_code_pass(path, text):
    source = Source(path, text)
    assert [what for rule in RULES for _, what in rule(source)] == []


FLOORS = ("flows", "models", "mapping", "wizards")


def test_every_file_has_its_room():
    """A floor holds rooms; only what opens the floor lies loose in it."""
    loose = [
        name
        for name in tracked()
        if name.startswith(tuple(f"ebay_sync/{floor}/" for floor in FLOORS))
        and name.endswith(".py")
        and len(Path(name).parts) == 3
        and Path(name).name != "__init__.py"
    ]
    assert not loose


@pytest.mark.parametrize("floor", FLOORS)
def test_rooms_import_in_one_direction(floor):
    circle = house_rules.circle_of_rooms(code(), floor)
    assert not circle, " -> ".join(circle)


def test_a_circle_of_rooms_is_found():
    sources = [
        Source("ebay_sync/flows/orders/build.py", "from ..listings import store"),
        Source("ebay_sync/flows/listings/store.py", "from ..orders.build import Plan"),
        Source("ebay_sync/flows/engine/run.py", "from . import flow"),
    ]
    circle = house_rules.circle_of_rooms(sources, "flows")
    assert set(circle) == {"orders", "listings"}


def test_every_room_says_what_comes_in_and_goes_out():
    short = []
    for name in tracked():
        parts = Path(name).parts
        if parts[-1] != "__init__.py" or len(parts) != 4 or parts[1] not in FLOORS[:3]:
            continue
        told = ast.get_docstring(ast.parse(text_of(name))) or ""
        lines = told.count("\n") + 1
        if not (3 <= lines <= 10 and "In: " in told and "Out: " in told):
            short.append(name)
        if "Start with" not in told:
            short.append(name)
    assert not short


def test_odoos_own_runner_finds_every_test_of_the_addon():
    """It runs what the package of tests imports, where pytest looks at the files."""
    place = "ebay_sync/tests/"
    tree = ast.parse(text_of(f"{place}__init__.py"))
    imported = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    there = {Path(name).stem for name in tracked() if name.startswith(f"{place}test_")}
    assert there == imported


def test_the_scan_sees_the_whole_tree():
    names = set(tracked())
    for expected in ("pyproject.toml", "ebay_sync/mapping/__init__.py"):
        assert expected in names
    assert Path(__file__).relative_to(ROOT).as_posix() in names
