"""Find an Odoo source tree or installed package on this machine.

In this order: ``ODOO_HOME`` (or ``--odoo-home``), an ``odoo`` on the PATH, the
cache's ``odoo/<series>``. Nothing is imported or run to find out the series.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .paths import ADDON, CHECKOUT, SERIES, Problem, cache_root
from .shell import output

# Where, below a folder that somebody calls "Odoo", the package may lie.
_INSIDE = (
    "odoo",
    "odoo/odoo",
    "src/odoo",
    "server/odoo",
    "usr/lib/python3/dist-packages/odoo",
    "lib/python3*/site-packages/odoo",
    "lib/python3/dist-packages/odoo",
)


@dataclass(frozen=True)
class OdooTree:
    """One Odoo: the folder of its Python package, and how it was found."""

    series: str
    package: Path
    found: str

    @property
    def import_root(self) -> Path:
        """The folder to put on PYTHONPATH."""
        return self.package.parent

    @property
    def requirements(self) -> Path | None:
        """Odoo's own pinned requirements.txt; packages come without one."""
        file = self.import_root / "requirements.txt"
        beside_launcher = (self.import_root / "odoo-bin").is_file()
        return file if file.is_file() and beside_launcher else None

    @property
    def launcher(self) -> Path | None:
        """The tree's own ``odoo-bin``, when it has one."""
        file = self.import_root / "odoo-bin"
        return file if file.is_file() else None

    @property
    def addons_paths(self) -> list[Path]:
        """Folders of addons: Odoo's, then this checkout."""
        folders = [self.import_root / "addons", self.package / "addons"]
        if (ADDON / "__manifest__.py").is_file():
            folders.append(CHECKOUT)
        return [folder for folder in folders if folder.is_dir()]


class _Given(argparse.Action):
    def __call__(self, _parser, _options, values, _option=None):
        os.environ["ODOO_HOME"] = values


def add_option(parser: argparse.ArgumentParser) -> None:
    """Give a command line ``--odoo-home``, which stands for ``ODOO_HOME``."""
    parser.add_argument(
        "--odoo-home", metavar="DIR", action=_Given, help="an Odoo to use"
    )


def series_of(package: Path) -> str | None:
    """The series ("18.0") that ``package/release.py`` names, or None."""
    try:
        module = ast.parse((package / "release.py").read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return None
    for node in module.body:
        if isinstance(node, ast.Assign) and _assigns(node, "version_info"):
            major, minor = (
                getattr(item, "value", None) for item in node.value.elts[:2]
            )
            return f"{str(major).removeprefix('saas~')}.{minor}"
    return None


def _assigns(node: ast.Assign, name: str) -> bool:
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    return name in names and isinstance(node.value, ast.Tuple)


def trees_in(folder: Path, found: str) -> Iterator[OdooTree]:
    """Every Odoo in ``folder``: the package itself, a tree, an installation."""
    candidates = [folder]
    for pattern in _INSIDE:
        candidates.extend(sorted(folder.glob(pattern)))
    seen = set()
    for package in candidates:
        series = series_of(package)
        if series and package.resolve() not in seen:
            seen.add(package.resolve())
            yield OdooTree(series, package.resolve(), found)


def given_homes() -> list[Path]:
    """The folders in ``ODOO_HOME``; several are parted by ``:`` as in PATH."""
    text = os.environ.get("ODOO_HOME", "")
    return [Path(part).expanduser().absolute() for part in text.split(":") if part]


def _trees_given() -> Iterator[OdooTree]:
    for home in given_homes():
        trees = list(trees_in(home, f"ODOO_HOME {home}"))
        if not trees:
            raise Problem(
                f"ODOO_HOME={home} holds no Odoo: name the folder that contains "
                "odoo-bin, or the odoo package."
            )
        wrong = [tree.series for tree in trees if tree.series not in SERIES]
        if len(wrong) == len(trees):
            raise Problem(
                f"ODOO_HOME={home} holds Odoo {wrong[0]}: "
                f"this addon needs {' or '.join(SERIES)}."
            )
        yield from trees


def _trees_on_path() -> Iterator[OdooTree]:
    for name in ("odoo", "odoo-bin"):
        command = shutil.which(name)
        if not command or CHECKOUT in Path(command).resolve().parents:
            continue
        script = Path(command).resolve()
        found = f"{name} on the PATH ({command})"
        yield from trees_in(script.parent, found)
        python = _shebang(script)
        asked = output(
            [
                *(python or [sys.executable]),
                "-c",
                "from importlib.util import find_spec as f; s = f('odoo');"
                "print(*(s.submodule_search_locations if s else ()), sep='\\n')",
            ],
            env={**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": ""},
        )
        for line in (asked or "").splitlines():
            yield from trees_in(Path(line), found)


def _shebang(script: Path) -> list[str] | None:
    try:
        with open(script, "rb") as file:
            first = file.readline(300).decode(errors="replace").strip()
    except OSError:
        return None
    words = first[2:].split() if first.startswith("#!") else []
    return words if words and "python" in words[-1] else None


def cached(series: str) -> Path:
    """Where set-up puts the tree of ``series``."""
    return cache_root() / "odoo" / series


def _trees_cached(series: str) -> Iterator[OdooTree]:
    folder = cached(series)
    yield from trees_in(folder, f"the cache ({folder})")


def find(series: str) -> OdooTree | None:
    """The first Odoo of ``series`` on this machine, or None.

    Raises Problem when ``ODOO_HOME`` names a folder without a usable Odoo.
    """
    for trees in (_trees_given(), _trees_on_path(), _trees_cached(series)):
        for tree in trees:
            if tree.series == series:
                return tree
    return None
