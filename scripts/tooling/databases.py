"""Odoo databases made by copying: modules are installed once, copies take seconds.

Five kinds, told apart by their names' beginning: ``ebay_base<series>_...`` has the
Odoo modules that the addon stands on, or those and the ones that it works with where
they are; ``ebay_addon<series>_...`` and ``ebay_wide<series>_...`` have the addon on top
of either (one per content of ``ebay_sync/``), ``ebay_more<series>_...`` an addon of the
tests on top of that; ``ebay_run<series>_<pid>_...`` belongs to one run. A database's
filestore is copied with it.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from . import postgres
from .leftovers import owner_is_gone
from .locks import locked
from .paths import ADDON, Problem, cache_root, digest, writable
from .runtime import Runtime
from .shell import quiet, say

MODULES = ("sale_management", "sale_stock", "stock_delivery")
NEIGHBOURS = ("sale_mrp", "stock_dropshipping", "product_expiry")
KEPT_TEMPLATES = 3
ALONE_SECONDS = 120
USED_SECONDS = 1800
_HALF = "_half"
#: Floors of the addon whose models have no table.
STORES_NOTHING = ("ebay_api", "mapping", "flows", "controllers")
_DECLARES = re.compile(
    rb"^.*(?:_name = |_inherit = |_description = |= fields\.).*$", re.M
)


def sql(statement: str, database: str = "postgres") -> str:
    """Run ``statement`` with psql; returns its rows, fields parted by ``|``.

    Raises Problem when the server refuses it.
    """
    env = {**os.environ, **postgres.environment(), "LC_ALL": "C"}
    command = [str(postgres.program("psql")), "-wXqAt", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(
        [*command, "-d", database, "-c", statement],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=env,
        timeout=600,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[:1]
        raise Problem(f"PostgreSQL refused {statement}: {' '.join(reason)}")
    return done.stdout.strip()


def exists(database: str) -> bool:
    """Whether there is a database of that name."""
    found = sql(f"SELECT 1 FROM pg_database WHERE datname = '{_safe(database)}'")
    return found == "1"


def base_template(runtime: Runtime, modules: Sequence[str] = MODULES) -> str:
    """The template database with ``modules``, which is made when missing."""
    release = (runtime.tree.package / "release.py").read_text(encoding="utf-8")
    key = digest([*modules, str(runtime.tree.package), release])
    return _template(runtime, f"{_prefix('base', runtime)}_{key}", None, modules)


def addon_template(runtime: Runtime) -> str:
    """The template database with the addon as it is on disk now."""
    return _with_addon(runtime, "addon", MODULES, _contents(ADDON))


def wide_template(runtime: Runtime) -> str:
    """The same with manufacturing and dropshipping, which the addon does not need."""
    modules = (*MODULES, *NEIGHBOURS)
    return _with_addon(runtime, "wide", modules, _stored_contents(ADDON))


def extended_template(runtime: Runtime, addon: Path) -> str:
    """The wide one with an addon of the tests, which ``runtime`` has on its path."""
    wide = wide_template(runtime)
    key = digest([wide, addon.name, *_stored_contents(addon)])
    name = f"{_prefix('more', runtime)}_{key}"
    _template(runtime, name, wide, [addon.name])
    _drop_old_templates(runtime, "more", keep=name)
    return name


def _with_addon(
    runtime: Runtime, kind: str, modules: Sequence[str], contents: Iterable[bytes]
) -> str:
    base = base_template(runtime, modules)
    name = f"{_prefix(kind, runtime)}_{digest([base, *contents])}"
    _template(runtime, name, base, ["ebay_sync"])
    _drop_old_templates(runtime, kind, keep=name)
    return name


def install_log(template: str) -> Path:
    """The log of the installation that made ``template``."""
    return cache_root() / "logs" / f"{template}.log"


def copy(runtime: Runtime, template: str, name: str | None = None) -> str:
    """A new database from ``template``; its name is made up when not given."""
    target = name or (f"{_prefix('run', runtime)}_{os.getpid()}_{secrets.token_hex(3)}")
    with locked(f"copy-{template}"):  # PostgreSQL copies a template for one at a time
        _alone(
            template, f'CREATE DATABASE "{_safe(target)}" TEMPLATE "{_safe(template)}"'
        )
    _copy_filestore(runtime, template, target)
    return target


def drop(runtime: Runtime, database: str) -> None:
    """Remove ``database`` and its filestore, whoever is still connected."""
    _alone(database, f'DROP DATABASE IF EXISTS "{_safe(database)}"')
    shutil.rmtree(_filestore(runtime, database), ignore_errors=True)
    server_configuration(database).unlink(missing_ok=True)


def end_connections(database: str) -> None:
    """End what this user's sessions do in ``database``; those of killed servers too,
    which PostgreSQL notices only when they have something to say."""
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
        f"datname = '{_safe(database)}' AND usename = current_user"
    )


def _alone(database: str, statement: str) -> None:
    """Run a statement that needs ``database`` for itself.

    Sessions are ended first; for the rest (PostgreSQL's own vacuum, which it ends by
    itself for such a statement) there is some patience.
    """
    deadline = time.monotonic() + ALONE_SECONDS
    while True:
        end_connections(database)
        try:
            sql(statement)
            return
        except Problem as problem:
            if "being accessed" not in str(problem) or time.monotonic() > deadline:
                raise


def server_configuration(database: str) -> Path:
    """The file that a server of ``database`` is started with."""
    return writable(cache_root() / "conf") / f"server-{database}.conf"


@contextlib.contextmanager
def fresh(runtime: Runtime, template: str) -> Iterator[str]:
    """A copy of ``template`` that is dropped at the end of the block."""
    _drop_abandoned(runtime)
    name = copy(runtime, template)
    try:
        yield name
    finally:
        drop(runtime, name)


def _template(
    runtime: Runtime, name: str, parent: str | None, modules: Sequence[str]
) -> str:
    _in_use(name)
    if exists(name):
        return name
    with locked(f"template-{name}"):
        if not exists(name):
            _make_template(runtime, name, parent, modules)
    return name


def _in_use(template: str) -> None:
    with contextlib.suppress(OSError):
        install_log(template).touch()


def _make_template(
    runtime: Runtime, name: str, parent: str | None, modules: Sequence[str]
) -> None:
    say(f"installing {', '.join(modules)} on Odoo {runtime.series} (kept as {name})")
    half = name + _HALF
    drop(runtime, half)
    if parent:
        copy(runtime, parent, half)
    options = ["-d", half, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    if runtime.series == "18.0":
        options.append("--without-demo=all")  # 19.0 leaves it out by default
    log = install_log(name)
    log.unlink(missing_ok=True)
    env = runtime.environment(postgres.environment())
    trouble = f"Odoo {runtime.series} could not install {', '.join(modules)}"
    try:
        quiet(runtime.command(*options), log, trouble, env, timeout=900)
    except Problem:
        drop(runtime, half)
        raise
    shutil.rmtree(_filestore(runtime, name), ignore_errors=True)
    _copy_filestore(runtime, half, name)
    sql(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
    shutil.rmtree(_filestore(runtime, half), ignore_errors=True)


def _contents(folder: Path) -> Iterator[bytes]:
    """Names and contents of the files below ``folder`` that Odoo reads."""
    for file in _files(folder):
        yield str(file.relative_to(folder)).encode()
        yield file.read_bytes()


def _stored_contents(folder: Path) -> Iterator[bytes]:
    """What of them installing writes into the database.

    Of code that stores nothing, only what declares models and fields counts: a copy
    made before the rest changed is as good as a new one.
    """
    for file in _files(folder):
        inside = file.relative_to(folder)
        if inside.parts[0] in STORES_NOTHING and file.suffix == ".py":
            yield b"\n".join(_DECLARES.findall(file.read_bytes()))
        else:
            yield str(inside).encode()
            yield file.read_bytes()


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if file.is_file() and not {"__pycache__", "tests"} & set(inside.parts):
            yield file


def _filestore(runtime: Runtime, database: str) -> Path:
    return runtime.data_dir / "filestore" / database


def _copy_filestore(runtime: Runtime, source: str, target: str) -> None:
    """Hard links do: Odoo names the files after their content and never rewrites."""
    origin = _filestore(runtime, source)
    if origin.is_dir():
        writable(origin.parent)
        shutil.copytree(
            origin,
            _filestore(runtime, target),
            copy_function=os.link,
            dirs_exist_ok=True,
        )


def _prefix(kind: str, runtime: Runtime) -> str:
    return f"ebay_{kind}{runtime.series.split('.')[0]}"


def _names(prefix: str) -> list[str]:
    rows = sql(
        "SELECT datname FROM pg_database "
        f"WHERE starts_with(datname, '{_safe(prefix)}_') ORDER BY oid"
    )
    return rows.splitlines()


def _drop_old_templates(runtime: Runtime, kind: str, keep: str) -> None:
    names = _names(_prefix(kind, runtime))
    whole = [name for name in names if name != keep and not name.endswith(_HALF)]
    for name in whole[:-KEPT_TEMPLATES]:
        if _used_lately(name):
            continue
        with contextlib.suppress(Problem):  # somebody else is copying or making it
            sql(f'DROP DATABASE IF EXISTS "{name}"')
            shutil.rmtree(_filestore(runtime, name), ignore_errors=True)
            install_log(name).unlink(missing_ok=True)


def _used_lately(template: str) -> bool:
    """Whether another checkout may be copying it: its log tells when it was used."""
    with contextlib.suppress(OSError):
        return time.time() - install_log(template).stat().st_mtime < USED_SECONDS
    return False


def _drop_abandoned(runtime: Runtime) -> None:
    """Drop what runs that were killed have left. A server that other machines use
    too is left alone: their processes cannot be seen from here."""
    if postgres.external():
        return
    for name in _names(_prefix("run", runtime)):
        if owner_is_gone(name):
            with contextlib.suppress(Problem):
                drop(runtime, name)
    for kind in ("base", "addon", "wide", "more"):
        for name in _names(_prefix(kind, runtime)):
            if name.endswith(_HALF):  # and nobody is making it now
                lock = f"template-{name.removesuffix(_HALF)}"
                with contextlib.suppress(Problem), locked(lock, patience=0):
                    drop(runtime, name)


def _safe(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,63}", name):
        raise Problem(f"{name!r} is no name for a database: use letters and digits.")
    return name
