"""How one Odoo series is started here: interpreter, path, configuration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import postgres
from .odoo_home import OdooTree
from .paths import CHECKOUT, Problem, bytecode, cache_root, digest, writable

_LAUNCHER = """\
# Starts an Odoo whose package brings no odoo-bin (written by scripts/tooling).
import os

os.environ["TZ"] = "UTC"  # before the time module is imported
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


@dataclass(frozen=True)
class Runtime:
    """An Odoo tree with the interpreter that has what it needs."""

    tree: OdooTree
    python: Path
    more_addons: tuple[Path, ...] = ()

    @property
    def series(self) -> str:
        """ "18.0" or "19.0"."""
        return self.tree.series

    @property
    def data_dir(self) -> Path:
        """Odoo's data directory: sessions, and a filestore per database."""
        return writable(cache_root() / "data" / self.series)

    def command(self, *arguments: str | Path) -> list[str]:
        """The command line of ``odoo-bin ARGUMENTS``."""
        launcher = self.tree.launcher
        if launcher is None:
            launcher = writable(cache_root() / "conf") / "odoo-bin"
            _write_when_changed(launcher, _LAUNCHER)
        return [str(self.python), str(launcher), *map(str, arguments)]

    def environment(
        self, variables: Mapping[str, str], config: Path | None = None
    ) -> dict[str, str]:
        """The environment of such a command; ``variables`` reach PostgreSQL."""
        env = {**os.environ, **variables, **bytecode()}
        path = [str(self.tree.import_root), os.environ.get("PYTHONPATH", "")]
        env["PYTHONPATH"] = os.pathsep.join(part for part in path if part)
        env["ODOO_RC"] = str(config or self.configuration(variables))
        return env

    def configuration(self, variables: Mapping[str, str]) -> Path:
        """Write the series' odoo.conf (where it changed) and return its path."""
        paths = (*self.tree.addons_paths, *self.more_addons)
        folders = [str(folder) for folder in paths]
        if any("," in folder for folder in folders):
            raise Problem(
                f"Odoo cannot work with a comma in a path ({', '.join(folders)}): "
                "move the checkout or Odoo to another folder."
            )
        lines = [
            "# written by scripts/tooling; changes here are lost",
            "[options]",
            f"addons_path = {','.join(folders)}",
            f"data_dir = {self.data_dir}",
            "http_interface = 127.0.0.1",
            "workers = 0",
            "max_cron_threads = 1",
        ]
        for option, name in _DATABASE_OPTIONS.items():
            if variables.get(name):
                lines.append(f"{option} = {variables[name]}")
        key = digest([str(CHECKOUT), *lines], 8)
        file = writable(cache_root() / "conf") / f"odoo-{self.series}-{key}.conf"
        _write_when_changed(file, "\n".join(lines) + "\n")
        return file


# The password stays in the environment (PGPASSWORD), out of the file.
_DATABASE_OPTIONS = {"db_host": "PGHOST", "db_port": "PGPORT", "db_user": "PGUSER"}


def started(runtime: Runtime, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment of ``odoo-bin ARGUMENTS``, PostgreSQL running."""
    variables = postgres.environment()
    return runtime.command(*arguments), runtime.environment(variables)


def _write_when_changed(file: Path, text: str) -> None:
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
