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


def trading_calls(sources: Path = CLIENT) -> set[str]:
    """The Trading calls of the client, by eBay's names."""
    tree = ast.parse((sources / "trading.py").read_text("utf-8"))
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "_xml"
        and isinstance(node.args[0], ast.Constant)
    }


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
    """Operations whose request and answer were both judged, by key; Trading calls."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.trading: set[str] = set()

    def report(self, documents: Documents) -> str:
        """Per API: what the client uses, what else was judged, what nobody uses."""
        wanted = implemented(documents)
        by_api = defaultdict(list)
        for operation in documents.operations:
            by_api[operation.api].append(operation.key)
        lines = []
        for api, keys in sorted(by_api.items()):
            used = wanted & set(keys)
            others = self.seen & set(keys) - wanted
            if not used | others:
                continue
            lines.append(
                f"{api}: {len(used & self.seen)} of {len(used)} operations of the "
                f"client judged, {len(others)} more of the simulator, "
                f"{len(keys)} at eBay"
            )
            for title, names in (
                ("client, judged", used & self.seen),
                ("client, NOT judged", used - self.seen),
                ("simulator only, judged", others),
                ("not used", set(keys) - used - others),
            ):
                if names:
                    lines.append(f"    {title}: {', '.join(sorted(map(_name, names)))}")
        calls = trading_calls()
        lines.append(
            f"Trading: {len(calls & self.trading)} of {len(calls)} calls of the client "
            f"judged: {', '.join(sorted(calls & self.trading)) or 'none'}"
        )
        return "\n".join(lines) + "\n"


#: Where pytest's configuration keeps the coverage of this run.
COVERAGE = pytest.StashKey[Coverage]()
