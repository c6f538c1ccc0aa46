"""A shop and a Chromium that a person sits at; a picture of every page that counts.

``EBAY_SYNC_CHROMIUM`` is the browser (scripts/test finds it), ``EBAY_SYNC_SCREENSHOTS``
the folder for the pictures.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from e2e import leaks
from e2e.server_log import MARKER, expected_by, guarded
from scripts.stage.shop import Shop
from scripts.tooling import browsers

# Odoo builds its assets at the first page; on a busy machine that takes its time.
PATIENCE_MS = 240_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark for what a test expects in the log, and watch for secrets."""
    config.addinivalue_line("markers", MARKER)
    leaks.watch()


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """One shop for the tests of a file."""
    with Shop.open() as opened:
        # Odoo reads its manifests at the first picture that a page asks for; Python
        # 3.11 bears no two threads at that, and a browser asks for several at once.
        opened.person.come_back(f"{opened.odoo.url}/web/binary/company_logo")
        yield opened
        opened.odoo.kill()  # its database goes with it


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = os.environ.get("EBAY_SYNC_CHROMIUM") or browsers.ensure()
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(
            executable_path=path, args=FLAGS, timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the pictures go."""
    given = os.environ.get("EBAY_SYNC_SCREENSHOTS")
    folder = Path(given or tempfile.mkdtemp(prefix="ebay_sync_pictures_"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


# Buttons and headings whose text does not fit where it stands, what folds, and buttons
# of a list that begin or end beyond its edge.
CLIPPED = """() => [...document.querySelectorAll(
    '.o_statusbar_buttons button, .o_notebook_headers a, .o_data_row button, h1, h2,'
    + '.o_kanban_record button, .o_kanban_header, .o_form_statusbar'
)].filter(one => one.offsetParent && getComputedStyle(one).display !== 'inline'
    && (one.scrollWidth > one.clientWidth + 2
        || one.matches('button, .o_form_statusbar') && one.offsetHeight > 60
        || one.closest('.o_list_renderer')?.getBoundingClientRect().right + 1
            < one.getBoundingClientRect().right)
).map(one => one.innerText)"""


class Desk:
    """A person at the browser, signed in to Odoo as the administrator."""

    def __init__(self, page: Page, shop: Shop, pictures: Path) -> None:
        self.page = page
        self.shop = shop
        self.pictures = pictures
        self.broken: list[str] = []
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{shop.odoo.url}/web/login")
        page.fill("input[name=login]", "admin")
        page.fill("input[name=password]", "admin")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")

    def open(self, action: str, record: int | str = "") -> None:
        """Open one of the addon's pages, or a record on it."""
        tail = f"/{record}" if record else ""
        self.page.goto(f"{self.shop.odoo.url}/odoo/action-ebay_sync.{action}{tail}")
        self.page.wait_for_selector(".o_view_controller")

    def press(self, label: str) -> None:
        """Press the button with this label."""
        self.page.get_by_role("button", name=label, exact=True).first.click()

    def picture(self, name: str, dialogs: int = 0) -> None:
        """Keep what is on the screen; an error dialog nobody expects is a failure."""
        self.page.wait_for_timeout(400)
        series = os.environ.get("EBAY_SYNC_SERIES", "")
        self.page.screenshot(path=self.pictures / f"{series}-{name}.png")
        shown = self.page.locator(".o_error_dialog").count()
        assert shown == dialogs, f"{shown} error dialogs"

    def look_polish(self, name: str) -> None:
        """Keep a picture of a page in Polish; all of its texts have room."""
        self.picture(f"pl-{name}")
        assert self.page.evaluate(CLIPPED) == []
        root = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert root <= 0, f"{name} is wider than the window"


@pytest.fixture
def desk(
    chromium: Browser, shop: Shop, pictures: Path, request: pytest.FixtureRequest
) -> Iterator[Desk]:
    """A fresh browser window at the shop; neither page nor server may complain."""
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    with guarded(shop.odoo.log, expected_by(request)):
        desk = Desk(page, shop, pictures)
        yield desk
    page.close()
    assert not desk.broken, desk.broken


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> object:
    """Keep a picture of where a test failed."""
    report = yield
    desk = getattr(item, "funcargs", {}).get("desk")
    if desk and report.when == "call" and report.failed:
        desk.page.screenshot(path=desk.pictures / f"failed-{item.name}.png")
    return report
