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
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.stage.shop import Shop
from scripts.tooling import browsers

# Odoo builds its assets at the first page; on a busy machine that takes its time.
PATIENCE_MS = 120_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """One shop for the tests of a file."""
    with Shop.open() as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = os.environ.get("EBAY_SYNC_CHROMIUM") or browsers.ensure()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the pictures go."""
    given = os.environ.get("EBAY_SYNC_SCREENSHOTS")
    folder = Path(given or tempfile.mkdtemp(prefix="ebay_sync_pictures_"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Desk:
    """A person at the browser, signed in to Odoo as the administrator."""

    def __init__(self, page: Page, shop: Shop, pictures: Path) -> None:
        self.page = page
        self.shop = shop
        self.pictures = pictures
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

    def picture(self, name: str) -> None:
        """Keep what is on the screen; an error dialog is a failure."""
        self.page.wait_for_timeout(400)
        series = os.environ.get("EBAY_SYNC_SERIES", "")
        self.page.screenshot(path=self.pictures / f"{series}-{name}.png")
        assert not self.page.locator(".o_error_dialog").count(), "an error dialog"


@pytest.fixture
def desk(chromium: Browser, shop: Shop, pictures: Path) -> Iterator[Desk]:
    """A fresh browser window at the shop."""
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    yield Desk(page, shop, pictures)
    page.close()
