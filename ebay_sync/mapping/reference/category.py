"""Category trees: which there are, what is in them, what follows an expired category.

Source: Taxonomy API v1, types BaseCategoryTree, CategoryTree and ExpiredCategories. The
root of a tree means nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..values.entries import TWICE, UNUSABLE, Entries, map_entries
from ..values.errors import MappingError, Note, shown
from ..values.text import IDENTIFIER, TITLE, clean_identifier, clean_line

MOST_CATEGORIES = 200_000
"""More than ten times eBay's largest tree."""

MOST_DROPPED = 100
PATH = 1000
"""Characters of a path; of a longer one the beginning is left out."""

SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class TreeVersion:
    """Which tree a marketplace uses, and its present version."""

    ref: str
    version: str


@dataclass(frozen=True, slots=True)
class Category:
    """One category. ``parent_ref`` is None at the top; ``path`` has all names."""

    ref: str
    parent_ref: str | None
    name: str
    path: str
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """A tree, level by level: a parent always stands in an earlier level.

    ``dropped`` names nodes that are no use. ``complete`` is false when one of them
    could not be read: what is missing may then still exist at eBay.
    """

    version: str | None
    levels: tuple[tuple[Category, ...], ...]
    dropped: tuple[Note, ...] = ()
    complete: bool = True


def map_tree_version(document: dict[str, Any]) -> TreeVersion:
    """Read getDefaultCategoryTreeId. Raises MappingError without id or version."""
    return TreeVersion(
        ref=_required(document, "categoryTreeId"),
        version=_required(document, "categoryTreeVersion"),
    )


def map_category_tree(document: dict[str, Any], tree_ref: str) -> CategoryTree:
    """Read getCategoryTree, the answer for the tree ``tree_ref``.

    Of categories with the same id the first one counts, so that no category can be
    above itself; what hangs below an unusable node hangs below its parent instead.
    Raises MappingError for another tree, an empty one and one that is beyond reason:
    such an answer would make every category look expired.
    """
    answered = document.get("categoryTreeId")
    if answered is not None and _identifier(answered) != tree_ref:
        raise MappingError("$.categoryTreeId", answered, "this is another tree")
    root = document.get("rootCategoryNode")
    if not isinstance(root, dict):
        raise MappingError("$.rootCategoryNode", root, "the tree has no root")
    walk = _Walk()
    levels = tuple(walk.levels(root))
    if not levels:
        raise MappingError("$.rootCategoryNode", None, "the tree is empty")
    return CategoryTree(
        version=_identifier(document.get("categoryTreeVersion")),
        levels=levels,
        dropped=tuple(walk.dropped),
        complete=walk.complete,
    )


def map_expired(document: dict[str, Any]) -> Entries[str]:
    """Read getExpiredCategories: expired category -> the one that follows it.

    eBay answers 204, an empty document, when no category of the tree has a successor.
    """
    if not document:
        return Entries({})
    return map_entries(
        document,
        "expiredCategories",
        lambda node: (
            node.required_identifier("fromCategoryId"),
            node.required_identifier("toCategoryId"),
        ),
        MOST_CATEGORIES,
    )


def last_successors(links: Mapping[str, str]) -> dict[str, str]:
    """Follow ``links`` (category -> successor) to their ends.

    A successor may have expired in its turn. What only leads in a circle has no end
    and is left out.
    """
    ends: dict[str, str] = {}
    for start in links:
        passed = {start}
        end = links[start]
        while end in links and end not in passed:
            passed.add(end)
            end = links[end]
        if end not in passed:
            ends[start] = end
    return ends


class _Walk:
    """A walk over a tree, level by level and without recursion: depth is foreign."""

    def __init__(self) -> None:
        self.dropped: list[Note] = []
        self.complete = True
        self.seen: set[str] = set()

    def levels(self, root: dict[str, Any]) -> list[tuple[Category, ...]]:
        """The categories of every level below the root that has any."""
        levels = []
        below: list[tuple[Category | None, Any]] = [
            (None, child) for child in self._children(None, root)
        ]
        while below:
            level: list[Category] = []
            below = self._level(below, level)
            if level:
                levels.append(tuple(level))
        return levels

    def _level(
        self, nodes: list[tuple[Category | None, Any]], level: list[Category]
    ) -> list[tuple[Category | None, Any]]:
        """Add the categories of ``nodes`` to ``level``; gives the nodes below."""
        below: list[tuple[Category | None, Any]] = []
        for parent, node in nodes:
            if not isinstance(node, dict):
                self._drop(UNUSABLE, parent, node)
                continue
            children = self._children(parent, node)
            category = self._category(parent, node, bool(children))
            if category:
                level.append(category)
            below += [(category or parent, child) for child in children]
        return below

    def _children(self, parent: Category | None, node: dict[str, Any]) -> list[Any]:
        children = node.get("childCategoryTreeNodes")
        if isinstance(children, list):
            return children
        if children is not None:
            self._drop(UNUSABLE, parent, children)
        return []

    def _category(
        self, parent: Category | None, node: dict[str, Any], has_children: bool
    ) -> Category | None:
        data = node.get("category")
        ref = _identifier(data.get("categoryId")) if isinstance(data, dict) else None
        if not ref:
            return self._drop(UNUSABLE, parent, data)
        if ref in self.seen:
            return self._drop(TWICE, parent, ref)
        if len(self.seen) >= MOST_CATEGORIES:
            raise MappingError("$", None, f"more than {MOST_CATEGORIES} categories")
        self.seen.add(ref)
        raw = data.get("categoryName")
        name = clean_line(raw, TITLE)[0] if isinstance(raw, str) else ""
        return Category(
            ref=ref,
            parent_ref=parent.ref if parent else None,
            name=name or ref,
            path=_path(parent, name or ref),
            is_leaf=node.get("leafCategoryTreeNode") is True and not has_children,
        )

    def _drop(self, code: str, parent: Category | None, value: object) -> None:
        self.complete = self.complete and code == TWICE
        if len(self.dropped) < MOST_DROPPED:
            where = parent.ref if parent else "top"
            self.dropped.append(Note(code, f"below category {where}", shown(value)))


def _path(parent: Category | None, name: str) -> str:
    if parent is None:
        return name
    path = parent.path + SEPARATOR + name
    return path if len(path) <= PATH else "..." + path[3 - PATH :]


def _required(document: dict[str, Any], key: str) -> str:
    text = _identifier(document.get(key))
    if text is None:
        raise MappingError(f"$.{key}", document.get(key), "this is missing")
    return text


def _identifier(raw: object) -> str | None:
    """An id exactly as it is; a number becomes text, anything odd None."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**30:
        raw = str(raw)
    if not isinstance(raw, str):
        return None
    text = clean_identifier(raw)[0]
    return text if 0 < len(text) <= IDENTIFIER else None
