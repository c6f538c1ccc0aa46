"""``scripts/readme``: what the addon says of itself, rendered from its fragments."""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from . import page, rst

ADDON = Path(__file__).resolve().parents[2] / "ebay_sync"


def rendered(addon: Path = ADDON) -> dict[Path, str]:
    """The files that are made of the fragments of ``addon``, and their texts."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text("utf-8"))
    fragments = {
        path.stem: path.read_text("utf-8") for path in (addon / "readme").glob("*.md")
    }
    name = manifest["name"]
    return {
        addon / "README.rst": rst.render(name, fragments, manifest["author"]),
        addon / "static/description/index.html": page.render(name, fragments),
    }


def stale(addon: Path = ADDON) -> Iterator[Path]:
    """The files that are not what the fragments make of them."""
    for path, text in rendered(addon).items():
        if not path.exists() or path.read_text("utf-8") != text:
            yield path


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or say which are stale."""
    parser = argparse.ArgumentParser(prog="scripts/readme", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    found = list(stale())
    for path in found:
        print(f"{path.relative_to(ADDON.parent)}: {'stale' if check else 'written'}")
        if not check:
            path.write_text(rendered()[path], "utf-8")
    return int(check and bool(found))


if __name__ == "__main__":
    sys.exit(main())
