"""``scripts/translations``: export the texts, merge them, say what is missing.

The export is Odoo 18.0's own. Polish and German are merged by polib: new texts come in
empty, changed ones are looked at again, texts that are gone go.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import polib

from ..tooling import databases, postgres, provision
from ..tooling.paths import ADDON, Problem

LANGUAGES = ("de", "pl")
FOLDER = ADDON / "i18n"
TEMPLATE = FOLDER / "ebay_sync.pot"
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);",
}


def main(arguments: list[str] | None = None) -> int:
    """Export and merge, or list what one language lacks."""
    parser = argparse.ArgumentParser(prog="scripts/translations", description=__doc__)
    parser.add_argument("--missing", choices=LANGUAGES, help="print what lacks")
    parser.add_argument("--fill", type=Path, help="JSON of texts to fill in")
    options = parser.parse_args(arguments)
    try:
        if options.missing and options.fill:
            return _fill(options.missing, options.fill)
        if options.missing:
            print(json.dumps(_missing(options.missing), indent=1, ensure_ascii=False))
            return 0
        _export()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    for language in LANGUAGES:
        print(f"{language}: {_merge(language)}")
    return 0


def _export() -> None:
    runtime = provision.runtime("18.0")
    FOLDER.mkdir(exist_ok=True)
    with databases.fresh(runtime, databases.addon_template(runtime)) as database:
        command = runtime.command(
            "-d",
            database,
            "--modules=ebay_sync",
            f"--i18n-export={TEMPLATE}",
            "--stop-after-init",
            "--no-http",
        )
        done = subprocess.run(
            command,
            env=runtime.environment(postgres.environment()),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode or not TEMPLATE.exists():
        raise Problem(f"{done.stderr[-2000:]}\nOdoo did not export the texts.")
    template = polib.pofile(str(TEMPLATE), wrapwidth=78)
    for name in ("POT-Creation-Date", "PO-Revision-Date"):
        template.metadata.pop(name, None)  # no change where no text changed
    template.save(str(TEMPLATE))


def _merge(language: str) -> str:
    template = polib.pofile(str(TEMPLATE), wrapwidth=78)
    path = FOLDER / f"{language}.po"
    if path.exists():
        catalogue = polib.pofile(str(path), wrapwidth=78)
    else:
        catalogue = polib.POFile(wrapwidth=78)
    catalogue.metadata = {
        **template.metadata,
        "Language": language,
        "Plural-Forms": PLURALS[language],
    }
    catalogue.merge(template)
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    catalogue.sort(key=lambda entry: entry.msgid)
    catalogue.save(str(path))
    missing = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
    return f"{len(catalogue)} texts, {missing} to translate"


def _missing(language: str) -> dict[str, str]:
    catalogue = polib.pofile(str(FOLDER / f"{language}.po"))
    entries = catalogue.untranslated_entries() + catalogue.fuzzy_entries()
    return {entry.msgid: "" for entry in entries}


def _fill(language: str, path: Path) -> int:
    texts = json.loads(path.read_text(encoding="utf-8"))
    catalogue = polib.pofile(str(FOLDER / f"{language}.po"), wrapwidth=78)
    filled = 0
    for entry in catalogue:
        text = texts.get(entry.msgid)
        if text and (not entry.msgstr or entry.fuzzy):
            entry.msgstr = text
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            filled += 1
    catalogue.save()
    print(f"{language}: {filled} filled in")
    return 0


if __name__ == "__main__":
    sys.exit(main())
