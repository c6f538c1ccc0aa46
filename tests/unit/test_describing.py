"""README.rst and the page in Apps say what the fragments say."""

from __future__ import annotations

import shutil
from pathlib import Path

from scripts.describing import page, rst
from scripts.describing.__main__ import ADDON, rendered, stale

FRAGMENTS = {
    "DESCRIPTION": "Does *this*.\n\n- **One** thing\n  on two lines\n- `two` & [three](http://x/)",
    "INSTALL": "Install it.",
    "CONFIGURE": "1. First\n2. Second",
    "USAGE": "Use it.",
    "ROADMAP": "| what | when |\n|---|---|\n| this | that |",
    "CONTRIBUTORS": "- Somebody",
}


def test_the_files_are_what_the_fragments_make():
    assert not list(stale())


def test_a_changed_fragment_is_found(tmp_path: Path):
    addon = tmp_path / "ebay_sync"
    shutil.copytree(ADDON / "readme", addon / "readme")
    shutil.copy(ADDON / "__manifest__.py", addon)
    (addon / "static/description").mkdir(parents=True)
    for path, text in rendered(addon).items():
        path.write_text(text, "utf-8")
    assert not list(stale(addon))

    with (addon / "readme/CONFIGURE.md").open("a", encoding="utf-8") as fragment:
        fragment.write("5. One more step.\n")
    assert {path.name for path in stale(addon)} == {"README.rst", "index.html"}


def test_restructured_text():
    text = rst.render("It", FRAGMENTS, "Us")
    assert "==\nIt\n==\n\nDoes *this*.\n\n" in text
    assert "* **One** thing on two lines\n* ``two`` & `three <http://x/>`__\n" in text
    assert "#. First\n#. Second\n" in text
    table = "   :header-rows: 1\n\n   * - what\n     - when\n   * - this\n     - that\n"
    assert table in text


def test_page():
    text = page.render("It", FRAGMENTS)
    assert '<p class="lead">Does <i>this</i>.</p>' in text
    assert "<li><code>two</code> &amp;" in text
    assert "<li>First</li>\n    <li>Second</li>\n  </ol>" in text
