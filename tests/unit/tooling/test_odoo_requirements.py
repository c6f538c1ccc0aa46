"""Odoo's pinned requirements, made installable without a compiler."""

from scripts.tooling import odoo_home, odoo_requirements
from unit.tooling.fakes import make_package, make_tree

PINNED = """\
# a comment
Babel==2.9.1 ; python_version < '3.11'  # min version = 2.6.0
cbor2==5.4.2 ; python_version < '3.12'
cbor2==5.6.2 ; python_version >= '3.12'
psycopg2==2.9.5 ; python_version == '3.11'
python-ldap==3.4.0 ; sys_platform != 'win32'
gevent==21.8.0 ; sys_platform != 'win32' and python_version == '3.10'
pytz  # no version pinning
"""


def test_pins_keep_their_markers_and_lose_what_needs_a_compiler():
    assert odoo_requirements.pins(PINNED) == [
        "Babel==2.9.1 ; python_version < '3.11'",
        "cbor2==5.6.2",
        "psycopg2-binary==2.9.5 ; python_version == '3.11'",
        "gevent==21.12.0 ; sys_platform != 'win32' and python_version == '3.10'",
        "pytz",
    ]


def test_a_tree_brings_its_pins_and_a_package_gets_ours(tmp_path):
    [tree] = odoo_home.trees_in(make_tree(tmp_path / "tree", "18.0"), "")
    make_package(tmp_path / "package", "18.0")
    [package] = odoo_home.trees_in(tmp_path / "package", "")
    pinned = odoo_requirements.recipe(tree)
    free = odoo_requirements.recipe(package)
    assert "psycopg2-binary==2.9.5" in pinned.requirements
    assert "Werkzeug>=3.0,<3.1" in free.requirements
    assert pinned.folder != free.folder
    for recipe in (pinned, free):
        assert set(odoo_requirements.addon_requirements()) < set(recipe.requirements)
        assert "pytest-odoo" in recipe.requirements


def test_the_addon_needs_something():
    assert any(
        line.startswith("cryptography")
        for line in odoo_requirements.addon_requirements()
    )
