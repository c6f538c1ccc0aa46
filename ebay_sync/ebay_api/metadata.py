"""Metadata API: what a marketplace allows in its categories."""

from collections.abc import Iterable, Mapping

from .api import Api
from .calls import MEBIBYTE
from .documents import Reply
from .paths import batch, path

MOST_CATEGORIES = 50
LARGEST_ANSWER = 128 * MEBIBYTE


class Metadata(Api):
    """sell/metadata/v1, the application's token; 5,000 calls a day for the keyset.

    Without category ids eBay answers for all categories: megabytes. Where it has
    nothing to say the reply is empty (204).
    """

    api = "metadata"
    acts_as = "app"

    def get_item_condition_policies(
        self,
        category_ids: Iterable[str] = (),
        marketplace_id: str = "",
        *,
        as_user: bool = False,
    ) -> Reply:
        """Which conditions a category takes: list `itemConditionPolicies`.

        Conditions for approved sellers of refurbished goods show only `as_user`.

        eBay: getItemConditionPolicies
        """
        return self._policies(
            "getItemConditionPolicies",
            "get_item_condition_policies",
            marketplace_id,
            category_ids,
            acts_as="user" if as_user else "app",
        )

    def get_listing_structure_policies(
        self, category_ids: Iterable[str] = (), marketplace_id: str = ""
    ) -> Reply:
        """Which categories allow variations: list `listingStructurePolicies`.

        eBay: getListingStructurePolicies
        """
        return self._policies(
            "getListingStructurePolicies",
            "get_listing_structure_policies",
            marketplace_id,
            category_ids,
        )

    def get_category_policies(
        self, category_ids: Iterable[str] = (), marketplace_id: str = ""
    ) -> Reply:
        """What a category requires: list `categoryPolicies`.

        eBay: getCategoryPolicies
        """
        return self._policies(
            "getCategoryPolicies",
            "get_category_policies",
            marketplace_id,
            category_ids,
        )

    def get_regulatory_policies(
        self, category_ids: Iterable[str] = (), marketplace_id: str = ""
    ) -> Reply:
        """Product safety duties of a category: list `regulatoryPolicies`.

        eBay: getRegulatoryPolicies
        """
        return self._policies(
            "getRegulatoryPolicies",
            "get_regulatory_policies",
            marketplace_id,
            category_ids,
        )

    def get_return_policies(
        self, category_ids: Iterable[str] = (), marketplace_id: str = ""
    ) -> Reply:
        """Return rules of a category: list `returnPolicies`.

        eBay: getReturnPolicies
        """
        return self._policies(
            "getReturnPolicies", "get_return_policies", marketplace_id, category_ids
        )

    def get_shipping_policies(
        self, category_ids: Iterable[str] = (), marketplace_id: str = ""
    ) -> Reply:
        """Shipping rules of a category: list `shippingPolicies`.

        eBay: getShippingPolicies
        """
        return self._policies(
            "getShippingPolicies", "get_shipping_policies", marketplace_id, category_ids
        )

    def get_currencies(self, marketplace_id: str = "") -> Reply:
        """`defaultCurrency` of a marketplace.

        eBay: getCurrencies
        """
        return self._policies("getCurrencies", "get_currencies", marketplace_id)

    def _policies(
        self,
        name: str,
        call: str,
        marketplace_id: str,
        category_ids: Iterable[str] = (),
        acts_as: str = "app",
    ) -> Reply:
        wanted = list(category_ids)
        where = path(
            "/marketplace/{marketplace_id}/" + call,
            marketplace_id=marketplace_id or self._client.marketplace.id,
        )
        joined = batch(wanted, "categoryIds", MOST_CATEGORIES, "|") if wanted else ""
        return self._get(
            name,
            where,
            {"filter": f"categoryIds:{{{joined}}}" if joined else None},
            acts_as=acts_as,
            max_bytes=LARGEST_ANSWER,
        )

    def _extra_headers(self) -> Mapping[str, str]:
        return {"Accept-Language": self._client.locale}
