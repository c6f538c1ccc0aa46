"""The rules of the house, each as a function from a source file to its findings.

`test_house_rules.py` runs every rule over the tree, and over a bad example of
its own. The rules look at syntax trees, not at running code, so they need
neither Odoo nor eBay. `docs/architecture.md` explains why the rules are there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

ADDON = "ebay_sync"
PURE = ("ebay_api", "mapping")
MAX_LINES = 600

#: Which parts of the addon a part may import. Imports go down only; a part may
#: always import itself. Files at the top of the addon count as parts of their own.
BASE = {"bell", "compat", "private_log", "rows", "vault"}
DOWN: dict[str, set[str]] = {
    "ebay_api": set(),
    "mapping": set(),
    "compat": set(),
    "bell": set(),
    "private_log": {"compat"},
    "rows": set(),
    "vault": set(),
    "models": {*BASE, "mapping", "ebay_api"},
    "flows": {*BASE, "models", "mapping", "ebay_api"},
    "controllers": {*BASE, "flows", "models", "mapping", "ebay_api"},
    "wizards": {*BASE, "flows", "models", "mapping", "ebay_api"},
    "hooks": {*BASE, "models", "flows"},
    "migrations": BASE,
    "": {*BASE, "hooks", "models", "flows", "controllers", "wizards"},
}

#: The models that build a client (or the signer or token store that goes into
#: one). No other model has a reason to know how eBay is spoken to.
CLIENT_BUILDERS = re.compile(r"ebay_sync/models/account/\w+\.py")

#: Files of mapping/ that may call float(), and why no sum can go wrong there.
FLOAT_ALLOWED = {
    "ebay_sync/mapping/orders/document.py": "a stored JSON number of 15 digits at most",
}

#: Modules that reach out of the process.
HTTP_MODULES = (
    "requests",
    "urllib3",
    "httpx",
    "aiohttp",
    "http.client",
    "urllib.request",
    "socket",
)

_CAMEL = r"(?!eBay\b)[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+"
#: A string that is a key, or a dotted path that ends in one.
KEY = re.compile(rf"(?:[\w\[\]]+\.)*{_CAMEL}")
#: A key inside SQL on a JSON column: payload ->> 'orderId', payload #>> '{a,b}'.
SQL_KEY = re.compile(rf"(?:->>?|#>>?|\?)\s*'[{{\w,]*?({_CAMEL})")
UNFINISHED = re.compile(
    r"(?<![a-z_])(?:to" + r"do|fix" + r"me|xx" + r"x)(?![a-z_])"
    r"|not\s" + r"implemented|NotImplemented" + r"Error",
    re.IGNORECASE,
)
#: Quotes, dashes, dots, arrows and rules that no keyboard has.
TYPOGRAPHIC = re.compile(
    "[\u2010-\u201f\u2026\u00ab\u00b7\u00bb\u00d7\u00f7\u2190-\u21ff\u2212"
    "\u2260\u2264\u2265\u2500-\u257f]"
)
#: A host that serves packages, whatever the name of its domain.
REGISTRY = re.compile(r"https?://[^/\s\"']*\b(?:py" + r"pi|np" + r"mjs)\b", re.I)


@dataclass(frozen=True)
class Source:
    """One tracked file: its path from the root of the checkout, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree: each rule looks at all of them."""
        return list(ast.walk(self.tree))

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @property
    def part(self) -> str | None:
        """The part of the addon a Python file belongs to; None outside of it.

        The addon's own tests are outside: they may touch everything.
        """
        parts = PurePosixPath(self.path).parts
        if parts[0] != ADDON or not self.is_python or parts[1] == "tests":
            return None
        if len(parts) > 2:
            return parts[1]
        name = PurePosixPath(self.path).stem
        return "" if name.startswith("__") else name

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Line and absolute dotted name of everything the file imports.

        The addon is called `ebay_sync` under each of its names, also where the
        import is relative or the part is named bare (as outside of Odoo).
        """
        return list(self._imports())

    def _imports(self) -> Iterator[tuple[int, str]]:
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node)
                names = [f"{base}.{alias.name}".strip(".") for alias in node.names]
            elif _is_dynamic_import(node):
                names = [node.args[0].value]
            else:
                continue
            for name in names:
                yield node.lineno, _canonical(name)

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = PurePosixPath(self.path).parts[: -node.level]
        return ".".join((*package, *filter(None, [node.module])))


def _is_dynamic_import(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and ast.unparse(node.func) in {"__import__", "importlib.import_module"}
    )


def _canonical(name: str) -> str:
    name = name.removeprefix("odoo.addons.") if f".{ADDON}" in name else name
    return f"{ADDON}.{name}" if name.split(".")[0] in PURE else name


def _is(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


Finding = tuple[int, str]
Rule = Callable[[Source], Iterator[Finding]]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    """Add a rule to those that the tree is held to."""
    RULES.append(check)
    return check


@rule
def imports_go_down(source: Source) -> Iterator[Finding]:
    """Within the addon, a part imports only what lies below it."""
    part = source.part
    if part is None:
        return
    for line, name in source.imports:
        if not _is(name, ADDON):
            continue
        target = (name.split(".") + [""])[1]
        if target not in DOWN.get(part, set()) | {part}:
            yield line, f"{part or ADDON} must not import {name}"


def circle_of_rooms(sources: Iterable[Source], floor: str) -> list[str]:
    """Rooms of ``floor`` that import each other in a circle, or nothing.

    Models and flows reach each other through the registry as well; what counts here
    is what Python imports.
    """
    arrows: dict[str, set[str]] = {}
    for source in sources:
        parts = PurePosixPath(source.path).parts
        if len(parts) != 4 or parts[:2] != (ADDON, floor) or not source.is_python:
            continue
        for _line, name in source.imports:
            target = name.split(".")
            if target[:2] == [ADDON, floor] and len(target) > 2:
                arrows.setdefault(parts[2], set()).add(target[2])
    for room in arrows:
        arrows[room].discard(room)
    try:
        list(TopologicalSorter(arrows).static_order())
    except CycleError as error:
        return error.args[1]
    return []


@rule
def models_build_clients_in_one_place(source: Source) -> Iterator[Finding]:
    """Models import ebay_api for nothing but building a client."""
    if source.part != "models" or CLIENT_BUILDERS.fullmatch(source.path):
        return
    for line, name in source.imports:
        if _is(name, f"{ADDON}.ebay_api"):
            yield line, f"{name} is for the models that build a client"


@rule
def pure_parts_know_no_odoo(source: Source) -> Iterator[Finding]:
    """ebay_api and mapping run without Odoo, and import relatively.

    They live under two names (`mapping.orders.order` and the same below
    `odoo.addons.ebay_sync`); an absolute import would load a second copy.
    """
    if source.part not in PURE:
        return
    for line, name in source.imports:
        if name.split(".")[0] in {"odoo", "openerp", "werkzeug", "psycopg2"}:
            yield line, f"{name}: this part runs without Odoo"
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom):
            names = [] if node.level else [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if _is(_canonical(name), ADDON):
                yield node.lineno, f"{name}: import relatively"


@rule
def mapping_is_pure(source: Source) -> Iterator[Finding]:
    """mapping has no clock, no files, no environment and no binary fractions."""
    if source.part != "mapping":
        return
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, "a float: money and measures are Decimal"
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if re.search(r"(^|\.)(now|utcnow|today|time|monotonic|getenv)$", called):
            yield node.lineno, f"{called}(): time and settings are arguments"
        if called == "open" or (called == "float" and source.path not in FLOAT_ALLOWED):
            yield node.lineno, f"{called}() in a pure function"
    for line, name in source.imports:
        if name.split(".")[0] in {"os", "pathlib", "random", "subprocess", "time"}:
            yield line, f"{name} in a pure part"


@rule
def http_only_in_transport(source: Source) -> Iterator[Finding]:
    """One file speaks HTTP: time-outs, retries and redaction cannot be avoided."""
    if source.part is None or source.path == f"{ADDON}/ebay_api/transport.py":
        return
    for line, name in source.imports:
        if _is(name, "urllib3.filepost"):
            continue  # writes multipart bodies and sends nothing
        if any(_is(name, module) for module in HTTP_MODULES):
            yield line, f"{name} belongs to ebay_api/transport.py"


@rule
def commit_only_in_compat(source: Source) -> Iterator[Finding]:
    """One seam ends transactions; production and tests run the same line."""
    if source.part in (None, "compat"):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}:
            yield node.lineno, f".{node.attr} belongs to compat.py"


@rule
def series_only_in_compat(source: Source) -> Iterator[Finding]:
    """One file knows Odoo 18 from Odoo 19."""
    if source.part in (None, "compat"):
        return
    for line, name in source.imports:
        if _is(name, "odoo.release") or name.endswith(".version_info"):
            yield line, f"{name}: ask compat.py"
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and (
            node.attr == "version_info" or ast.unparse(node) == "odoo.release"
        ):
            yield node.lineno, f"{ast.unparse(node)}: ask compat.py"


@rule
def terms_know_their_language(source: Source) -> Iterator[Finding]:
    """Terms are translated by `self.env._`, which knows whom they are for."""
    if source.part is None:
        return
    for line, name in source.imports:
        if name in ("odoo._", "odoo.tools.translate._"):
            yield line, "translate with self.env._"


@rule
def ebay_keys_only_in_pure_parts(source: Source) -> Iterator[Finding]:
    """eBay's camelCase keys stay where eBay's documents are read and written.

    A field's `help` may name eBay's field; JSON paths in SQL are keys as well.
    """
    if source.part is None or source.part in PURE:
        return
    prose = {
        id(inner)
        for node in source.nodes
        if isinstance(node, ast.keyword) and node.arg in {"help", "string"}
        for inner in ast.walk(node.value)
    }
    for node in source.nodes:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if id(node) in prose:
            continue
        whole = [node.value] if KEY.fullmatch(node.value) else []
        for key in whole + SQL_KEY.findall(node.value):
            yield node.lineno, f"{key!r} is a key of eBay's: map it"


@rule
def simulator_stands_alone(source: Source) -> Iterator[Finding]:
    """A judge that borrows from the accused proves nothing."""
    if not source.path.startswith("simulator/") or not source.is_python:
        return
    for line, name in source.imports:
        if name.split(".")[0] in {ADDON, "odoo"}:
            yield line, f"the simulator imports {name}"


@rule
def plain_tests_know_no_odoo(source: Source) -> Iterator[Finding]:
    """Unit and contract tests run in milliseconds, without Odoo."""
    if not source.path.startswith(("tests/unit/", "tests/contract/")):
        return
    if not source.is_python:
        return
    for line, name in source.imports:
        if _is(name, "odoo"):
            yield line, f"{name} in a test that runs without Odoo"


@rule
def files_are_short(source: Source) -> Iterator[Finding]:
    """A file does one thing and can be read in one sitting."""
    count = source.text.count("\n")
    if count > MAX_LINES:
        yield count, f"{count} lines, {MAX_LINES} at most"


@rule
def punctuation_is_plain(source: Source) -> Iterator[Finding]:
    """Quotes are straight, a dash is a hyphen, an ellipsis is three dots.

    A test that needs such a character writes its escape.
    """
    for number, line in enumerate(source.text.splitlines(), 1):
        for found in TYPOGRAPHIC.findall(line):
            yield number, f"{found!a}: plain punctuation instead"


@rule
def nothing_is_unfinished(source: Source) -> Iterator[Finding]:
    """What is not done stands in the road map, not in the code."""
    for line, text in enumerate(source.text.splitlines(), 1):
        found = UNFINISHED.search(text)
        if found:
            yield line, f"unfinished: {found.group()}"


@rule
def no_registry_is_named(source: Source) -> Iterator[Finding]:
    """Where packages come from is the machine's business."""
    for line, text in enumerate(source.text.splitlines(), 1):
        found = REGISTRY.search(text)
        if found:
            yield line, f"a package registry's host: {found.group()}"


#: What makes a model refuse what it does not declare.
GUARDS = {"ebay.access.mixin", "ebay.audited.mixin"}
HOW_TO_DECLARE = (
    "say who may set it: readonly=True (written by the flows and, by sudo() behind a "
    "check, by buttons), or beside the fields of this class `_people_set = {{USER: "
    '"{name}"}}` (USER, MANAGER or SYSTEM of models/engine/ebay_access_mixin.py; '
    "`_people_set_once` for new rows only); a class of which people set nothing says "
    "`_people_set = {{}}`"
)


@rule
def stored_fields_say_who_sets_them(source: Source) -> Iterator[Finding]:
    """Over RPC a person may write all that is not refused; so all of it is decided."""
    if source.part not in ("models", "wizards"):
        return
    for node in source.tree.body:
        if not isinstance(node, ast.ClassDef) or not _has_table(node):
            continue
        said = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        name = _plain(said.get("_name"))
        if name and name.startswith("ebay.") and _plain(said.get("_auto")) is not False:
            if not GUARDS & set(_plain(said.get("_inherit")) or ()):
                yield node.lineno, f"{name} does not inherit ebay.access.mixin"
        declared = {
            word
            for key in ("_people_set", "_people_set_once")
            if isinstance(said.get(key), ast.Dict)
            for names in said[key].values
            for word in (_plain(names) or "").split()
        }
        if "_people_set" in said and not declared:
            continue
        for field, value in said.items():
            if field not in declared and _is_open(field, value):
                yield value.lineno, f"{field}: {HOW_TO_DECLARE.format(name=field)}"


def _has_table(node: ast.ClassDef) -> bool:
    bases = {base.attr for base in node.bases if isinstance(base, ast.Attribute)}
    return bool(bases & {"Model", "TransientModel"})


def _plain(node: ast.expr | None) -> object:
    """The value of an expression that says it itself, else None."""
    try:
        return ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None


def _is_open(name: str, value: ast.expr) -> bool:
    """Whether this is a stored field that a person could write."""
    if not (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == "fields"
    ):
        return False
    options = {one.arg: _plain(one.value) for one in value.keywords}
    is_closed = options.get("readonly") is True
    is_made = {"compute", "related"} & options.keys() and "readonly" not in options
    is_written_elsewhere = value.func.attr == "One2many" or name == "parent_path"
    if is_made and "inverse" in options:
        return True
    return not (is_closed or is_made or is_written_elsewhere)


@rule
def related_fields_say_whose_eyes(source: Source) -> Iterator[Finding]:
    """Odoo reads related fields as superuser: over a company's border, too."""
    if source.part not in ("models", "wizards"):
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        options = {one.arg: _plain(one.value) for one in node.value.keywords}
        path = options.get("related")
        # the company of a row is stored for the rules: nobody's eyes
        kept = options.get("store") and str(path).endswith(".company_id")
        if not path or kept or options.get("related_sudo") is False:
            continue
        if "superuser" not in _comment_above(source, node.lineno):
            yield node.lineno, "related_sudo=False, or a comment: superuser, and why"


@rule
def wizards_say_why_they_sudo(source: Source) -> Iterator[Finding]:
    """A wizard acts with the user's rights; else a comment says what was checked."""
    if source.part != "wizards":
        return
    lines = source.text.splitlines()
    for line, text in enumerate(lines, 1):
        if ".sudo()" not in text.partition("#")[0]:
            continue
        if "sudo:" not in text and "sudo" not in _comment_above(source, line):
            yield line, "a comment `sudo: why`, behind a check"


def _comment_above(source: Source, line: int) -> str:
    """The comment that ends right above a line."""
    said: list[str] = []
    for text in reversed(source.text.splitlines()[: line - 1]):
        if not text.strip().startswith("#"):
            break
        said.append(text)
    return "\n".join(reversed(said))
