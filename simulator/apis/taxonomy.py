"""Taxonomy API v1: trees, suggestions, aspects. Source: commerce_taxonomy_v1.

Answers carry no ETag and no 304: at eBay a client compares ``categoryTreeVersion``.
Whole trees are rendered once per version.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

from ..calls import (
    Api,
    Call,
    Operation,
    Quota,
    Reply,
    no_content,
    reply_json,
)
from ..errors import EbayError
from ..listings import aspects
from ..listings.category_tree import ROOT, Node, Tree, tree
from ..reference.marketplaces import MARKETPLACES
from ..reference.product_families import FAMILIES, AspectSpec, word

_MOST_SUGGESTIONS = 20
_MOST_VALUES = 30


def _refusal(error_id: int, message: str) -> EbayError:
    return EbayError(400, error_id, message, domain="API_TAXONOMY")


def get_default_tree_id(call: Call) -> Reply:
    """getDefaultCategoryTreeId: id and present version."""
    name = call.query.get("marketplace_id")
    if not name:
        raise _refusal(62002, "The marketplace id is missing.")
    place = MARKETPLACES.get(name)
    found = tree(call.world, place.category_tree_id) if place else None
    if found is None:
        raise _refusal(62003, "The marketplace id was not found.")
    return reply_json(_base(found))


def _base(found: Tree) -> dict[str, str]:
    return {"categoryTreeId": found.id, "categoryTreeVersion": str(found.version)}


def _tree(call: Call) -> Tree:
    found = tree(call.world, call.params["category_tree_id"])
    if found is None:
        raise _refusal(62004, "The category tree id was not found.")
    return found


def _node(call: Call, found: Tree) -> Node:
    category_id = call.query.get("category_id")
    if not category_id:
        raise _refusal(62006, "The category id is missing.")
    if category_id == ROOT:
        raise _refusal(62008, "The category id is the root of the tree.")
    node = found.nodes.get(category_id)
    if node is None:
        raise _refusal(62005, "The category id is not in this tree.")
    return node


def _rendered(found: Tree, name: str, make: Callable[[], bytes]) -> bytes:
    """A large answer, kept for as long as its version is the present one."""
    if name not in found.rendered:
        found.rendered[name] = make()
    return found.rendered[name]


def get_tree(call: Call) -> Reply:
    """getCategoryTree: everything, from a root whose id means nothing."""
    found = _tree(call)

    def make() -> bytes:
        document = {
            "applicableMarketplaceIds": [found.marketplace.id],
            **_base(found),
            "rootCategoryNode": _shown(call, found, found.root),
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

    body = _rendered(found, f"tree {call.base_url}", make)
    return Reply(200, body, "application/json")


def get_subtree(call: Call) -> Reply:
    """getCategorySubtree: one category and all below it."""
    found = _tree(call)
    node = _node(call, found)
    return reply_json(
        {**_base(found), "categorySubtreeNode": _shown(call, found, node)}
    )


def _subtree_href(call: Call, found: Tree, category_id: str) -> str:
    path = f"/category_tree/{found.id}/get_category_subtree"
    return call.href(path, category_id=category_id)


def _shown(call: Call, found: Tree, node: Node) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "category": {"categoryId": node.id, "categoryName": node.name},
        "categoryTreeNodeLevel": node.level,
    }
    if node.parent and node.parent != ROOT:
        shown["parentCategoryTreeNodeHref"] = _subtree_href(call, found, node.parent)
    if node.is_leaf:
        shown["leafCategoryTreeNode"] = True
    else:
        shown["childCategoryTreeNodes"] = [
            _shown(call, found, child) for child in node.children
        ]
    return shown


def get_suggestions(call: Call) -> Reply:
    """getCategorySuggestions: leaves whose words match, best first; 204 for none."""
    found = _tree(call)
    words = (call.query.get("q") or "").lower().split()
    if not words:
        raise _refusal(62007, "The keywords q are missing.")
    scored = [(_score(node, words, found), node) for node in found.leaves()]
    best = sorted(
        ((score, node) for score, node in scored if score), key=lambda row: -row[0]
    )
    if not best:
        return no_content()
    return reply_json(
        {
            **_base(found),
            "categorySuggestions": [
                _suggestion(call, found, node) for _, node in best[:_MOST_SUGGESTIONS]
            ],
        }
    )


def _score(node: Node, words: list[str], found: Tree) -> int:
    """How many of the words the category or its kind of product contains."""
    text = node.name.lower()
    if node.family:
        family = FAMILIES[node.family]
        for one in (*family.nouns, *family.features):
            text += " " + word(one, found.marketplace.language).lower()
    return sum(one in text for one in words)


def _suggestion(call: Call, found: Tree, node: Node) -> dict[str, Any]:
    return {
        "category": {"categoryId": node.id, "categoryName": node.name},
        "categoryTreeNodeLevel": node.level,
        "categoryTreeNodeAncestors": [
            {
                "categoryId": above.id,
                "categoryName": above.name,
                "categoryTreeNodeLevel": above.level,
                "categorySubtreeNodeHref": _subtree_href(call, found, above.id),
            }
            for above in found.ancestors(node)
        ],
    }


def get_aspects(call: Call) -> Reply:
    """getItemAspectsForCategory; 62009 for a category that is no leaf."""
    found = _tree(call)
    node = _node(call, found)
    if not node.is_leaf:
        raise _refusal(62009, "The category id must be a leaf.")
    return reply_json({"aspects": _aspects(node, found.marketplace.language)})


def _aspects(node: Node, language: str) -> list[dict[str, Any]]:
    return [_aspect(one, language) for one in aspects.specs(node)]


def _aspect(one: AspectSpec, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "localizedAspectName": word(one.name, language),
        "aspectConstraint": {
            "aspectDataType": one.data_type,
            "aspectMode": "SELECTION_ONLY" if one.selection_only else "FREE_TEXT",
            "aspectRequired": one.required,
            # A required aspect is called recommended here, too.
            "aspectUsage": "RECOMMENDED" if one.required or one.values else "OPTIONAL",
            "aspectEnabledForVariations": one.varies,
            "aspectApplicableTo": ["PRODUCT"],
            "itemToAspectCardinality": "MULTI" if one.multi else "SINGLE",
            "aspectMaxLength": 65 if one.data_type == "STRING" else 10,
        },
    }
    if one.data_type == "NUMBER":
        shown["aspectConstraint"]["aspectFormat"] = "int32"
    if one.values:
        shown["aspectValues"] = [
            {"localizedValue": word(value, language)}
            for value in one.values[:_MOST_VALUES]
        ]
    return shown


def fetch_aspects(call: Call) -> Reply:
    """fetchItemAspects: a gzip file with the aspects of every leaf.

    The document declares JSON; what comes is an octet stream to be unpacked.
    """
    found = _tree(call)

    def make() -> bytes:
        document = {
            **_base(found),
            "categoryAspects": [
                {
                    "category": {"categoryId": node.id, "categoryName": node.name},
                    "aspects": _aspects(node, found.marketplace.language),
                }
                for node in found.leaves()
            ],
        }
        return gzip.compress(json.dumps(document, ensure_ascii=False).encode(), 1)

    name = f"{found.id}_{found.version}_aspects.json.gz"
    return Reply(
        200,
        _rendered(found, "aspects", make),
        "application/octet-stream",
        {"Content-Disposition": f"attachment; filename={name}"},
    )


def get_expired(call: Call) -> Reply:
    """getExpiredCategories: old leaf to new leaf; 204 when none has expired."""
    found = _tree(call)
    if not found.expired:
        return no_content()
    rows = [
        {"fromCategoryId": old, "toCategoryId": new}
        for old, new in found.expired.items()
    ]
    return reply_json({"expiredCategories": rows})


def _get(path: str, name: str, handler: Callable[[Call], Reply]) -> Operation:
    return Operation("GET", path, name, handler, token="app", scopes=("",))


_TREE = "/category_tree/{category_tree_id}"

API = Api(
    name="commerce.taxonomy",
    prefix="/commerce/taxonomy/v1",
    quota=Quota("commerce", "taxonomy", "taxonomy", 5_000),
    operations=[
        _get(
            "/get_default_category_tree_id",
            "getDefaultCategoryTreeId",
            get_default_tree_id,
        ),
        _get(_TREE, "getCategoryTree", get_tree),
        _get(f"{_TREE}/get_category_subtree", "getCategorySubtree", get_subtree),
        _get(
            f"{_TREE}/get_category_suggestions",
            "getCategorySuggestions",
            get_suggestions,
        ),
        _get(
            f"{_TREE}/get_item_aspects_for_category",
            "getItemAspectsForCategory",
            get_aspects,
        ),
        _get(f"{_TREE}/fetch_item_aspects", "fetchItemAspects", fetch_aspects),
        _get(f"{_TREE}/get_expired_categories", "getExpiredCategories", get_expired),
    ],
)
