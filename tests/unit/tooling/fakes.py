"""Odoo trees that only look like one."""

from pathlib import Path


def make_package(folder: Path, series: str) -> Path:
    """An ``odoo`` package that says which series it is."""
    package = folder / "odoo"
    (package / "addons").mkdir(parents=True)
    major, minor = series.split(".")
    (package / "release.py").write_text(
        f"FINAL = 'final'\nversion_info = ({major}, {minor}, 0, FINAL, 0, '')\n"
    )
    return package


def make_tree(folder: Path, series: str) -> Path:
    """An Odoo source tree; returns ``folder``."""
    make_package(folder, series)
    (folder / "addons").mkdir()
    (folder / "odoo-bin").touch()
    (folder / "requirements.txt").write_text("psycopg2==2.9.5\n")
    return folder
