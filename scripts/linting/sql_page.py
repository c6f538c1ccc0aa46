"""Writes docs/sql.md: where the addon speaks SQL of its own, and what for.

The purpose stands beside the statement: the first paragraph of the docstring of the
function it is in, or the comment right above. ``python -m scripts.linting.sql_page``
writes the page (``scripts/sql``); a unit test compares it with the code.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDON = "ebay_sync"
PAGE = "docs/sql.md"
CALLS = {"SQL", "execute", "execute_query", "executemany"}
_VERB = re.compile(
    r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|DROP|COMMENT|SET LOCAL|ALTER|LOCK)\b"
)
_HEAD = """\
# SQL

Every place where the addon speaks SQL of its own instead of asking the ORM: for many
rows in one statement, for locks, for indexes. Written by `scripts/sql`; the purpose is
the docstring of the function, or the comment above. A test fails when one is added
without.

| file | place | statements | purpose |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Place:
    """A function (or a constant, or a statement of a .sql file) that holds SQL."""

    file: str
    name: str
    statements: str
    purpose: str

    def line(self) -> str:
        """The place as a row of the page's table."""
        cells = (f"`{self.file}`", f"`{self.name}`", self.statements, self.purpose)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def places(root: Path = ROOT) -> list[Place]:
    """All of them, by file; one without a purpose has an empty one."""
    found: list[Place] = []
    for file in sorted((root / ADDON).rglob("*")):
        name = file.relative_to(root / ADDON).as_posix()
        if name.startswith("tests/") or file.suffix not in (".py", ".sql"):
            continue
        text = file.read_text("utf-8")
        found += in_python(name, text) if file.suffix == ".py" else in_sql(name, text)
    return found


def in_python(file: str, text: str) -> Iterator[Place]:
    """The places of a Python file, from top to bottom."""
    lines = text.splitlines()
    for name, node, owner in _owners(ast.parse(text).body, ""):
        calls = [one for one in _inside(node) if _is_sql(one)]
        if isinstance(node, ast.Assign) and name.endswith("_ebay_indexes"):
            kinds = Counter({"INDEX": len(getattr(node.value, "keys", ()))})
        elif calls:
            kinds = Counter(filter(None, map(_verb, calls)))
        else:
            continue
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        about = ast.get_docstring(owner) if owner else None
        purpose = (about or "").split("\n\n")[0] or _comment(lines, node.lineno)
        yield Place(file, name, told or "a part of one", " ".join(purpose.split()))


def in_sql(file: str, text: str) -> Iterator[Place]:
    """The statements of an SQL file, each with the comment above it."""
    purpose: list[str] = []
    for part in re.split(r"(?m)^(?=--)|;\s*$", text):
        comments = re.findall(r"(?m)^\s*--\s?(.*)$", part)
        code = " ".join(re.sub(r"(?m)^\s*--.*$", "", part).split())
        purpose = [*purpose, *comments]
        if code:
            verb, table = (code.split() + [""])[0].upper(), _table(code)
            yield Place(file, table, f"1 {verb}", " ".join(purpose))
            purpose = []


def page(found: list[Place]) -> str:
    """The text of docs/sql.md."""
    return _HEAD + "".join(f"{one.line()}\n" for one in found)


def main() -> int:
    """Write the page; 1 and their names where places have no purpose."""
    found = places()
    if silent := [one for one in found if not one.purpose]:
        for one in silent:
            print(f"{one.file}: {one.name} holds SQL and does not say what for")
        return 1
    (ROOT / PAGE).write_text(page(found), encoding="utf-8")
    return 0


def _owners(
    body: list[ast.stmt], prefix: str
) -> Iterator[tuple[str, ast.stmt, ast.FunctionDef | None]]:
    """(name, statement, the function it is): functions, and what is outside of them."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _owners(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node, node
        else:
            targets = getattr(node, "targets", [getattr(node, "target", None)])
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            yield (
                prefix + (names[0] if names else f"({type(node).__name__})"),
                node,
                None,
            )


def _inside(node: ast.stmt) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def _is_sql(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in CALLS


def _verb(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        if match := _VERB.match(first.value):
            return match[1]
    return None


def _comment(lines: list[str], number: int) -> str:
    """The comment that ends right above a line."""
    said: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.strip().startswith("#"):
            break
        said.insert(0, line.strip().lstrip("#: "))
    return " ".join(said)


def _table(code: str) -> str:
    match = re.search(r"(?i)\b(?:UPDATE|INTO|FROM|TABLE)\s+([a-z_]+)", code)
    return match[1] if match else code[:40]


if __name__ == "__main__":
    sys.exit(main())
