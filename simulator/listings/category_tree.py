"""The category trees of the marketplaces, with versions.

A tree starts from ``reference/categories.py``. Changes (moved, renamed, expired and
added categories) are kept beside it and each raises the version, as at eBay, where a
client compares versions and then asks for the expired categories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..reference.categories import CATEGORY_ROWS
from ..reference.marketplaces import BY_TREE_ID, Marketplace

if TYPE_CHECKING:
    from ..world import World

ROOT = "0"
_FIRST_VERSION = 119
_SYNTHETIC_FROM = 900_000
_SYNTHETIC_WIDTH = 8


@dataclass
class Node:
    """One category. ``level`` is 1 below the root; a leaf has no children."""

    id: str
    name: str
    parent: str
    family: str
    level: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def is_leaf(self) -> bool:
        """Whether items can be listed here."""
        return not self.children


@dataclass
class Tree:
    """One marketplace's categories at one version."""

    id: str
    version: int
    marketplace: Marketplace
    nodes: dict[str, Node]
    expired: dict[str, str]
    rendered: dict[str, bytes] = field(default_factory=dict)
    """Large answers made from this tree, by name."""

    @property
    def root(self) -> Node:
        """The node above level 1; its id means nothing."""
        return self.nodes[ROOT]

    def leaf(self, category_id: str) -> Node | None:
        """The leaf with this id, or None."""
        node = self.nodes.get(category_id)
        return node if node is not None and node.is_leaf else None

    def leaves(self) -> Iterator[Node]:
        """All leaves, in order of the tree."""
        return (node for node in self.nodes.values() if node.is_leaf)

    def ancestors(self, node: Node) -> list[Node]:
        """From the parent up to level 1."""
        found = []
        while node.parent != ROOT:
            node = self.nodes[node.parent]
            found.append(node)
        return found


# Trees are built once per version; a simulator that goes takes its trees along.
_BUILT: WeakKeyDictionary[World, dict[str, Tree]] = WeakKeyDictionary()


def tree(world: World, tree_id: str) -> Tree | None:
    """The present tree with this id, or None."""
    place = BY_TREE_ID.get(tree_id)
    if place is None:
        return None
    changes = _changes(world, tree_id)
    built = _BUILT.setdefault(world, {})
    found = built.get(tree_id)
    if found is None or found.version != changes["version"]:
        found = built[tree_id] = _build(tree_id, place, changes)
    return found


def tree_of(world: World, place: Marketplace) -> Tree:
    """The tree of a marketplace."""
    found = tree(world, place.category_tree_id)
    if found is None:
        raise LookupError(place.category_tree_id)
    return found


def change(
    world: World,
    tree_id: str,
    *,
    moved: dict[str, str] | None = None,
    renamed: dict[str, str] | None = None,
    expired: dict[str, str] | None = None,
    grow: int = 0,
) -> Tree:
    """Raise the version and apply changes.

    ``moved``: category id to its new parent (``"0"`` is the top). ``expired``: leaf to
    the leaf that replaces it. ``grow``: so many more categories, up to six levels deep.
    Raises LookupError for an id that the tree lacks, ValueError for one that cannot be
    moved or expired like that.
    """
    before = tree(world, tree_id)
    if before is None:
        raise LookupError(f"There is no category tree {tree_id}.")
    _check(before, moved or {}, renamed or {}, expired or {})
    changes = _changes(world, tree_id)
    world.collection("category_tree").put(
        tree_id,
        {
            "version": changes["version"] + 1,
            "moved": changes["moved"] | (moved or {}),
            "renamed": changes["renamed"] | (renamed or {}),
            "expired": changes["expired"] | (expired or {}),
            "grown": changes["grown"] + grow,
        },
    )
    after = tree(world, tree_id)
    if after is None:
        raise LookupError(tree_id)
    return after


def _check(
    before: Tree,
    moved: dict[str, str],
    renamed: dict[str, str],
    expired: dict[str, str],
) -> None:
    for category_id in (*moved, *moved.values(), *renamed, *expired, *expired.values()):
        if category_id not in before.nodes:
            raise LookupError(f"There is no category {category_id}.")
    for category_id, parent in moved.items():
        above = before.nodes[parent]
        while above.id != ROOT:
            if above.id == category_id:
                raise ValueError(f"{category_id} cannot be moved below itself.")
            above = before.nodes[above.parent]
    for category_id in expired:
        if not before.nodes[category_id].is_leaf:
            raise ValueError(f"{category_id} is not a leaf.")


def _changes(world: World, tree_id: str) -> dict[str, Any]:
    return world.collection("category_tree").get(tree_id) or {
        "version": _FIRST_VERSION,
        "moved": {},
        "renamed": {},
        "expired": {},
        "grown": 0,
    }


def _build(tree_id: str, place: Marketplace, changes: dict[str, Any]) -> Tree:
    nodes = {ROOT: Node(ROOT, "Root", "", "")}
    for row in CATEGORY_ROWS:
        nodes[row.id] = Node(
            row.id, row.name(place.language), row.parent or ROOT, row.family
        )
    nodes |= _synthetic(changes["grown"])
    for category_id, parent in changes["moved"].items():
        nodes[category_id].parent = parent
    for category_id, name in changes["renamed"].items():
        nodes[category_id].name = name
    for category_id in changes["expired"]:
        nodes.pop(category_id, None)
    for node in nodes.values():
        if node.id != ROOT:
            nodes[node.parent].children.append(node)
    _number_levels(nodes[ROOT])
    return Tree(tree_id, changes["version"], place, nodes, changes["expired"])


def _synthetic(count: int) -> dict[str, Node]:
    """``count`` further categories in a tree of their own, eight wide."""
    nodes = {}
    for number in range(count):
        above = (number - 1) // _SYNTHETIC_WIDTH
        category_id = str(_SYNTHETIC_FROM + number)
        parent = ROOT if number == 0 else str(_SYNTHETIC_FROM + above)
        nodes[category_id] = Node(category_id, f"Collectables {number}", parent, "misc")
    return nodes


def _number_levels(root: Node) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for child in node.children:
            child.level = node.level + 1
            waiting.append(child)
