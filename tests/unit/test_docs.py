"""What the pages name is there: links, files, menus, buttons, flows and their times."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "ebay_sync"
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ADDON / "readme").glob("*.md")),
]
CODE = [path for path in ADDON.rglob("*.py") if "tests" not in path.parts]
FLOORS = ("flows", "models", "mapping")
PLACES = (
    *(ROOT, ADDON, ROOT / "docs", ROOT / "simulator", ROOT / "simulator/listings"),
    *(room for floor in FLOORS for room in (ADDON / floor).iterdir() if room.is_dir()),
)

#: Names of Odoo's own pages and buttons, and of eBay's portal.
FOREIGN = {
    *("Apps", "Activate", "Uninstall", "Update Apps List", "Sales", "Configuration"),
    *("Settings", "Technical", "System Parameters", "Scheduled Actions", "New"),
    "Select all",
    *("Inventory", "Manufacturing", "Dropshipping", "Expiration Dates"),
    *("Decimal Accuracy", "Product Price", "Base: Auto-vacuum internal data"),
    *("Application Keysets", "Production", "Sandbox", "User Tokens", "OAuth Enabled"),
    *("Get a Token from eBay via Your Application", "Add eBay Redirect URL"),
    *("Auth Accepted URL", "Auth Declined URL", "Save", "Agree", "Decline"),
    *("your account", "Neutralise"),  # any account; a word of ours for Odoo's command
}
EMPHASIS = re.compile(
    r"(?<!\*)\*([A-Z][^*]*?)\*(?!\*)|\*\*([A-Z][^*.]*)\*\*(?= on| button)"
)
UNITS = {"min": "minutes", "minutes": "minutes", "day": "days", "daily": "days"}


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    """The page without what is set as code."""
    text = re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".:,").casefold()


@cache
def known_names() -> set[str]:
    """Every text of the addon's code and views, and the labels Odoo makes of names."""
    names = {plain(name) for name in FOREIGN}
    for path in CODE:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= {plain(node.value), *map(plain, node.value.split(": "))}
            elif isinstance(node, ast.Assign) and "fields." in ast.unparse(node.value):
                label = ast.unparse(node.targets[0]).removesuffix("_id")
                names.add(plain(label.replace("_", " ")))
    for path in ADDON.rglob("*.xml"):
        for element in etree.parse(path).iter(etree.Element):
            names |= {plain(text) for text in element.itertext()}
            names |= {plain(str(value)) for value in element.attrib.values()}
    return names


def emphasised(page: Path) -> list[str]:
    """What stands in italics and begins with a capital: names of things to see."""
    found = [one or two for one, two in EMPHASIS.findall(prose(page))]
    return [part for name in found for part in re.split(r"\s+>\s+", name)]


def menu_paths() -> set[str]:
    """The addon's menus as the pages write them."""
    paths = {
        "sale.sale_menu_root": "Sales",
        "sale.menu_sale_config": "Sales > Configuration",
    }
    items = [
        item
        for path in sorted(ADDON.rglob("*menus.xml"))
        + sorted(ADDON.rglob("*_views.xml"))
        for item in etree.parse(path).iter("menuitem")
    ]
    for item in items:
        paths[item.get("id")] = f"{paths[item.get('parent')]} > {item.get('name')}"
    return set(paths.values())


def flows() -> dict[str, tuple[int, str]]:
    """Name and interval of every flow, as its class says them."""
    found = {}
    for path in (ADDON / "flows").rglob("*.py"):
        values = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.walk(ast.parse(text_of(path)))
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in ("_flow_name", "_flow_interval")
        }
        if values.get("_flow_name"):
            found[values["_flow_name"]] = values["_flow_interval"]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        headings = re.findall(r"^#+ (.*)$", text_of(target), re.M) if anchor else []
        anchors = {
            re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings
        }
        assert not anchor or anchor in anchors, link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_are_there(page):
    named = re.findall(
        r"`((?:[\w*-]+/)*[\w*-]+\.(?:py|xml|csv|sql|md|txt)|(?:\w+/)+)`", text_of(page)
    )
    for name in named:
        assert any(list(place.glob(name)) for place in PLACES), name


def test_the_drawing_of_the_house_shows_files_where_they_are():
    page = text_of(ROOT / "docs" / "architecture.md")
    rooms, base = page.split("## The house\n```\n")[1].split("```")[0].split("\n\n")
    head, *rows = (re.split(r" +\| *", line) for line in rooms.split("\n"))
    assert head == ["room", "mapping", "models", "flows", "wizards, controllers"]
    named = 0
    for room, *cells in rows:
        for floors, cell in zip(head[1:], cells, strict=False):
            places = [ADDON / floor / room for floor in floors.split(", ")]
            places += [ADDON / "controllers"] * ("controllers" in floors)
            for name in re.findall(r"\w+\.py", cell):
                assert any((place / name).is_file() for place in places), (room, name)
                named += 1
    assert named > 20
    for name in re.findall(r"\w+\.py", base):
        assert (ADDON / name).is_file() or (ADDON / "ebay_api" / name).is_file(), name


def test_the_drawing_shows_every_room():
    page = text_of(ROOT / "docs" / "architecture.md")
    drawn = set(re.findall(r"^(\w+) +\|", page.split("## The house")[1], re.M))
    for floor in ("mapping", "models", "flows"):
        folders = {one.parent.name for one in (ADDON / floor).glob("*/__init__.py")}
        assert folders <= drawn, floor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_names_are_on_the_screen(page):
    unknown = {name for name in emphasised(page) if plain(name) not in known_names()}
    assert not unknown


def test_a_name_that_is_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Press *Do the wrong thing*, then *Doctor*.", "utf-8")
    assert emphasised(page) == ["Do the wrong thing", "Doctor"]
    assert plain("Do the wrong thing") not in known_names()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_menus_lead_where_they_say(page):
    wanted = re.findall(r"\*((?:Sales|Configuration) > [^*]+)\*", prose(page))
    known = menu_paths() | {path.removeprefix("Sales > ") for path in menu_paths()}
    known.add("Sales > Orders")  # Odoo's own
    assert not {" ".join(path.split()) for path in wanted} - known


@pytest.mark.parametrize("name", ["architecture.md", "installation.md"])
def test_flows_run_as_often_as_it_says(name):
    told = {}
    rows = re.findall(
        r"^\| `(\w+)` \| (?:(\d+) )?(\w+)", text_of(ROOT / "docs" / name), re.M
    )
    for flow, number, unit in rows:
        told[flow] = (int(number or 1), UNITS[unit])
    assert told == flows()
