"""Which of eBay's operations the client implements, and which were judged."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

from .openapi import CHECKOUT, Documents

CLIENT = CHECKOUT / "ebay_sync" / "ebay_api"


def implemented(documents: Documents, sources: Path = CLIENT) -> set[str]:
    """The operations whose eBay name stands as a string in the client's modules.

    A module that uses the names of one API's operations implements that API; a name
    that two APIs share counts for the API that the module is about.
    """
    found = set()
    by_name = defaultdict(set)
    for operation in documents.operations:
        by_name[operation.name].add(operation.key)
    for path in sorted(sources.glob("*.py")):
        words = _strings(path) & set(by_name)
        keys = [key for word in words for key in by_name[word]]
        apis = {key.partition(".")[0] for key in keys if len(by_name[_name(key)]) == 1}
        found |= {key for key in keys if key.partition(".")[0] in apis}
    return found


def _name(key: str) -> str:
    return key.partition(".")[2]


def _strings(path: Path) -> set[str]:
    """The strings that are arguments of calls; tables of error ids do not count."""
    return {
        node.value
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for node in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


class Coverage:
    """Operations whose request and answer were both judged."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def report(self, documents: Documents) -> str:
        """A line per API, and the operations that the client has no use for."""
        wanted = implemented(documents)
        by_api = defaultdict(list)
        for operation in documents.operations:
            by_api[operation.api].append(operation.key)
        lines = []
        for api, keys in sorted(by_api.items()):
            used = [key for key in keys if key in wanted | self.seen]
            if not used:
                continue
            judged = sorted(_name(key) for key in used if key in self.seen)
            missing = sorted(_name(key) for key in used if key not in self.seen)
            lines.append(
                f"{api}: {len(judged)} of {len(used)} operations of the client judged, "
                f"{len(keys)} at eBay"
            )
            lines.append(f"    judged: {', '.join(judged) or 'none'}")
            if missing:
                lines.append(f"    NOT judged: {', '.join(missing)}")
            unused = sorted(_name(key) for key in keys if key not in used)
            if unused:
                lines.append(f"    not used: {', '.join(unused)}")
        return "\n".join(lines) + "\n"


#: Where pytest's configuration keeps the coverage of this run.
COVERAGE = pytest.StashKey[Coverage]()
