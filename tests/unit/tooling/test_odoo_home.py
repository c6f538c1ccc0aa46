"""Odoo is found where people have it, in the promised order."""

import pytest

from scripts.tooling import odoo_home
from scripts.tooling.paths import CHECKOUT, Problem
from unit.tooling.fakes import make_package, make_tree


@pytest.fixture(autouse=True)
def no_odoo_on_the_path(programs):
    programs.only()


def test_nothing_there():
    assert odoo_home.find("18.0") is None


@pytest.mark.parametrize(
    "place",
    [
        "",
        "odoo",
        "src",
        "server",
        "usr/lib/python3/dist-packages",
        "lib/python3.12/site-packages",
    ],
)
def test_odoo_home_is_a_tree_or_holds_an_installation(place, tmp_path, monkeypatch):
    home = tmp_path / "opt odoo"
    package = make_package(home / place, "18.0")
    monkeypatch.setenv("ODOO_HOME", str(home))
    found = odoo_home.find("18.0")
    assert found.package == package
    assert found.import_root == package.parent


def test_odoo_home_may_be_the_package_itself(tmp_path, monkeypatch):
    package = make_package(tmp_path / "x", "19.0")
    monkeypatch.setenv("ODOO_HOME", str(package))
    assert odoo_home.find("19.0").package == package
    assert odoo_home.find("18.0") is None


def test_odoo_home_may_name_one_folder_per_series(tmp_path, monkeypatch):
    make_tree(tmp_path / "a", "18.0")
    make_tree(tmp_path / "b", "19.0")
    monkeypatch.setenv("ODOO_HOME", f"{tmp_path / 'a'}:{tmp_path / 'b'}")
    assert odoo_home.find("18.0").import_root == tmp_path / "a"
    assert odoo_home.find("19.0").import_root == tmp_path / "b"


def test_odoo_home_without_odoo_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Problem, match="holds no Odoo"):
        odoo_home.find("18.0")


def test_odoo_home_of_another_series_is_said(tmp_path, monkeypatch):
    make_tree(tmp_path / "old", "17.0")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path / "old"))
    with pytest.raises(Problem, match=r"holds Odoo 17\.0: .* 18\.0 or 19\.0"):
        odoo_home.find("18.0")


@pytest.mark.parametrize("text", ["version_info = 18", "version_info = (", "x = 1", ""])
def test_a_damaged_release_file_is_no_odoo(text, tmp_path):
    (tmp_path / "release.py").write_text(text)
    assert odoo_home.series_of(tmp_path) is None


def test_the_order_is_home_then_path_then_cache(cache, tmp_path, programs, monkeypatch):
    make_tree(cache / "odoo" / "18.0", "18.0")
    assert odoo_home.find("18.0").import_root == cache / "odoo" / "18.0"

    on_path = make_tree(tmp_path / "path", "18.0")
    (on_path / "odoo-bin").chmod(0o755)
    (programs.folder / "odoo").symlink_to(on_path / "odoo-bin")
    assert odoo_home.find("18.0").import_root == on_path

    given = make_tree(tmp_path / "home", "18.0")
    monkeypatch.setenv("ODOO_HOME", str(given))
    assert odoo_home.find("18.0").import_root == given


def test_an_odoo_on_the_path_is_asked_through_its_interpreter(tmp_path, programs):
    package = make_package(tmp_path / "site packages", "19.0")
    python = programs("python-of-odoo", f"echo '{package}'")
    programs("odoo", f"#!{python}\nimport odoo.cli\n")
    assert odoo_home.find("19.0").package == package


def test_our_own_command_on_the_path_is_no_odoo(programs):
    (programs.folder / "odoo").symlink_to(CHECKOUT / "scripts" / "odoo")
    assert odoo_home.find("18.0") is None


def test_what_a_tree_knows_of_itself(tmp_path):
    [tree] = odoo_home.trees_in(make_tree(tmp_path / "t", "18.0"), "here")
    assert tree.requirements == tmp_path / "t" / "requirements.txt"
    assert tree.launcher == tmp_path / "t" / "odoo-bin"
    assert tree.addons_paths[:2] == [
        tmp_path / "t" / "addons",
        tmp_path / "t" / "odoo" / "addons",
    ]
    assert tree.addons_paths[2:] == [CHECKOUT]


def test_a_package_has_neither_pins_nor_launcher(tmp_path):
    make_package(tmp_path, "19.0")
    [tree] = odoo_home.trees_in(tmp_path, "here")
    assert tree.requirements is None
    assert tree.launcher is None
