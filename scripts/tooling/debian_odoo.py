"""Odoo from Debian's unstable suite, unpacked beside the system's own packages.

apt runs with sources, lists and cache of its own; the mirror is the one that the
machine's apt already uses. Nothing is installed and no right is needed.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from .odoo_home import trees_in
from .paths import Problem, cache_root, writable
from .shell import is_root, output, quiet, say

_SUITES = {"debian": "unstable", "ubuntu": "devel"}
_NEEDED_MB = 2500
# What the package links to instead of bringing it along.
_LINKED = re.compile(r"(fonts|libjs|gsfonts)\b[\w.+-]*")


def fetch(series: str, target: Path) -> None:
    """Unpack the package ``odoo-<major>`` into ``target``, which does not exist yet.

    Raises Problem when there is no apt, no mirror, no network or no such package.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Problem("this is no Debian or Ubuntu machine")
    free = shutil.disk_usage(target.parent).free // 2**20
    if free < _NEEDED_MB:
        raise Problem(f"{target.parent} has {free} MB free, {_NEEDED_MB} are needed")
    package = f"odoo-{series.split('.')[0]}"
    work = target.with_name(f"{package}.apt")
    half = target.with_name(f"{target.name}.part")
    for folder in (work, half):
        shutil.rmtree(folder, ignore_errors=True)
    try:
        apt = _private_apt(work, package)
        say(f"downloading Debian's {package}")
        apt.download([package])
        apt.download(sorted(_companions(apt, [package])))
        half.mkdir()
        for archive in sorted(work.glob("*.deb")):
            quiet(["dpkg-deb", "-x", archive, half], apt.log, "unpacking failed")
        make_whole(half)
        for tree in trees_in(half, package):
            stand_in(tree.package / "addons")
        half.replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


class PrivateApt:
    """apt with one source, keeping its lists and cache in ``folder``."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder = folder
        self.log = writable(cache_root() / "logs") / f"{folder.name}.log"
        for name in ("lists/partial", "cache/archives/partial"):
            writable(folder / name)
        (folder / "sources.list").write_text(f"{source}\n")
        self.config = folder / "apt.conf"
        settings = {
            "Dir::Etc::SourceList": folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": "/dev/null",
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "APT::Update::Error-Mode": "any",
            "Acquire::http::Timeout": "20",
        }
        if is_root():  # the user _apt could not write below root's home
            settings["APT::Sandbox::User"] = "root"
        lines = [f'{name} "{value}";' for name, value in settings.items()]
        self.config.write_text("\n".join(lines) + "\n")
        self._environment = {**os.environ, "LC_ALL": "C"}

    def update(self) -> None:
        """Read the source's list of packages. Raises Problem when it cannot."""
        command = ["apt-get", "-q", "-c", self.config, "update"]
        trouble = "the machine's apt mirror cannot be reached"
        quiet(command, self.log, trouble, self._environment, timeout=300)

    def download(self, packages: list[str]) -> None:
        """Put the newest .deb of each of ``packages`` into the folder."""
        quiet(
            ["apt-get", "-q", "-c", self.config, "download", *packages],
            self.log,
            f"{' '.join(packages)} cannot be downloaded from the machine's apt mirror",
            self._environment,
            cwd=self.folder,
            timeout=900,
        )

    def field(self, package: str, name: str) -> str:
        """One field of ``package``'s record; empty when there is none."""
        shown = output(
            ["apt-cache", "-c", self.config, "show", "--no-all-versions", package],
            self._environment,
        )
        found = re.search(rf"^{name}: (.*)$", shown or "", re.MULTILINE)
        return found.group(1) if found else ""


def _private_apt(work: Path, package: str) -> PrivateApt:
    """apt on the first of the machine's mirrors whose newest suite has ``package``."""
    trouble = "the machine's apt names no Debian or Ubuntu mirror"
    for source in sources():
        shutil.rmtree(work, ignore_errors=True)
        apt = PrivateApt(work, source)
        try:
            apt.update()
        except Problem as problem:
            trouble = str(problem)
            continue
        if apt.field(package, "Package"):
            return apt
        trouble = f"the newest suite of the machine's apt mirror has no {package}"
    raise Problem(trouble)


def sources() -> Iterator[str]:
    """Lines for sources.list: the newest suite on the machine's own mirrors."""
    system = _os_release()
    ids = [system.get("ID", ""), *system.get("ID_LIKE", "").split()]
    ours = next((name for name in ids if name in _SUITES), None)
    if ours is None:
        return
    told = output(
        ["apt-get", "indextargets", "--no-release-info", "--format"]
        + ["$(CREATED_BY)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)|$(REPO_URI)"]
    )
    rows = [line.split("|", 4) for line in (told or "").splitlines()]
    seen = set()
    # the release's own archive first, third parties' last
    rows.sort(key=lambda row: row[1:2] != [system.get("VERSION_CODENAME")])
    for created_by, release, component, signed_by, uri in rows:
        wanted = created_by == "Packages" and component == "main"
        if not wanted or "security" in release or uri in seen:
            continue
        seen.add(uri)
        key = signed_by if signed_by.startswith("/") else _keyring(ours)
        option = f"[signed-by={key}] " if key else ""
        parts = "main universe" if ours == "ubuntu" else "main"
        yield f"deb {option}{uri} {_SUITES[ours]} {parts}"


def _keyring(distribution: str) -> str:
    for suffix in ("pgp", "gpg"):
        file = Path(f"/usr/share/keyrings/{distribution}-archive-keyring.{suffix}")
        if file.is_file():
            return str(file)
    return ""


def _os_release() -> dict[str, str]:
    file = Path("/etc/os-release")
    lines = file.read_text().splitlines() if file.is_file() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def _companions(apt: PrivateApt, packages: list[str]) -> set[str]:
    """The packages of fonts and JavaScript that ``packages`` link to, and theirs."""
    found: set[str] = set()
    for package in packages:
        for clause in apt.field(package, "Depends").split(","):
            name = clause.split("|")[0].split()[:1]
            if name and _LINKED.fullmatch(name[0]):
                found.add(name[0])
    return found | (_companions(apt, sorted(found)) if found else set())


def make_whole(root: Path) -> list[Path]:
    """Give every dangling link below ``root`` its file; returns those dropped.

    A link to ``/usr/share/...`` is looked up below ``root``; a link whose file is
    nowhere is removed, because Odoo stops at a file that it cannot open.
    """
    dropped = []
    for link in [path for path in root.rglob("*") if path.is_symlink()]:
        if link.exists():
            continue
        source = _inside(root, link)
        link.unlink()
        if source:
            shutil.copyfile(source, link)
        else:
            dropped.append(link)
            say(f"left out {link.relative_to(root)}: no package brings its file")
    return dropped


def _inside(root: Path, link: Path) -> Path | None:
    """The file ``link`` means, absolute targets taken as relative to ``root``."""
    for _ in range(10):
        target = os.readlink(link)
        base = root if target.startswith("/") else link.parent
        link = Path(os.path.normpath(base / target.lstrip("/")))
        if root not in link.parents:
            return None
        if not link.is_symlink():
            return link if link.is_file() else None
    return None


def stand_in(addons: Path) -> list[Path]:
    """Put an empty file where an addon's bundle names a third party's library that
    the distribution leaves out for its licence: the web client logs an error
    otherwise. Returns the files made."""
    made = []
    for manifest in addons.glob("*/__manifest__.py"):
        assets = ast.literal_eval(manifest.read_text(encoding="utf-8")).get("assets")
        for name in _names(list((assets or {}).values())):
            file = addons / name
            if "/static/lib/" in name and "*" not in name and not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("/* left out by the distribution */\n")
                made.append(file)
    return made


def _names(entry: object) -> Iterator[str]:
    """The strings in a bundle's list, directives such as ("remove", name) too."""
    if isinstance(entry, str):
        yield entry.lstrip("/")
    elif isinstance(entry, list | tuple):
        for part in entry:
            yield from _names(part)
