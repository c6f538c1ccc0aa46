"""Taxonomy API: category trees and item aspects of a marketplace."""

from typing import BinaryIO

from .api import Api
from .calls import MEBIBYTE, Answer
from .documents import Reply
from .paths import path

LARGEST_TREE = 128 * MEBIBYTE
LARGEST_ASPECTS = 1024 * MEBIBYTE


class Taxonomy(Api):
    """commerce/taxonomy/v1, the application's token; 5,000 calls a day for the keyset.

    Keep what comes by `categoryTreeVersion`.
    """

    api = "taxonomy"
    acts_as = "app"

    def get_default_category_tree_id(self, marketplace_id: str = "") -> Reply:
        """`categoryTreeId` and `categoryTreeVersion` of a marketplace.

        eBay: getDefaultCategoryTreeId
        """
        return self._get(
            "getDefaultCategoryTreeId",
            "/get_default_category_tree_id",
            {"marketplace_id": marketplace_id or self._client.marketplace.id},
            needs_text="categoryTreeId",
        )

    def get_category_tree(self, tree_id: str) -> Reply:
        """The whole tree under `rootCategoryNode`; several megabytes.

        eBay: getCategoryTree
        """
        where = path("/category_tree/{tree_id}", tree_id=tree_id)
        return self._get("getCategoryTree", where, max_bytes=LARGEST_TREE)

    def get_category_subtree(self, tree_id: str, category_id: str) -> Reply:
        """One branch, under `categorySubtreeNode`.

        eBay: getCategorySubtree
        """
        where = path("/category_tree/{tree_id}/get_category_subtree", tree_id=tree_id)
        return self._get(
            "getCategorySubtree",
            where,
            {"category_id": category_id},
            max_bytes=LARGEST_TREE,
        )

    def get_category_suggestions(self, tree_id: str, text: str) -> Reply:
        """Leaf categories for a text, best first; empty if there are none.

        eBay: getCategorySuggestions
        """
        where = path(
            "/category_tree/{tree_id}/get_category_suggestions", tree_id=tree_id
        )
        return self._get("getCategorySuggestions", where, {"q": text})

    def get_item_aspects_for_category(self, tree_id: str, category_id: str) -> Reply:
        """The list `aspects` of a leaf category; empty if it has none.

        eBay: getItemAspectsForCategory
        """
        where = path(
            "/category_tree/{tree_id}/get_item_aspects_for_category", tree_id=tree_id
        )
        return self._get(
            "getItemAspectsForCategory",
            where,
            {"category_id": category_id},
            needs="aspects",
        )

    def get_expired_categories(self, tree_id: str) -> Reply:
        """The list `expiredCategories`: which category follows which.

        eBay: getExpiredCategories
        """
        where = path("/category_tree/{tree_id}/get_expired_categories", tree_id=tree_id)
        return self._get("getExpiredCategories", where)

    def fetch_item_aspects(self, tree_id: str, sink: BinaryIO) -> Answer:
        """Writes the aspects of all leaf categories, gzipped JSON, to a file.

        eBay: fetchItemAspects
        """
        where = path("/category_tree/{tree_id}/fetch_item_aspects", tree_id=tree_id)
        return self._download("fetchItemAspects", where, sink, LARGEST_ASPECTS)
