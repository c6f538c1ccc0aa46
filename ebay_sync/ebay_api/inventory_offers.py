"""Inventory API: offers (a SKU on a marketplace) and their listings."""

from collections.abc import Iterable, Iterator, Sequence

from .bulk import requests_body
from .documents import Json, Reply
from .inventory_api import InventoryApi
from .paths import path

LARGEST_PAGE = 100


class InventoryOffers(InventoryApi):
    """Offers. Updating replaces all of an offer: read, change, write back."""

    def offer_pages(
        self,
        sku: str,
        *,
        marketplace_id: str | None = None,
        listing_format: str | None = None,
        limit: int = LARGEST_PAGE,
    ) -> Iterator[Reply]:
        """All pages of a SKU's offers; the list is `offers`. `offset` counts pages.

        eBay has no call for all offers. A SKU without offers may be `Rejected`
        (`not_found`).

        eBay: getOffers
        """
        params = {
            "sku": sku,
            "marketplace_id": marketplace_id,
            "format": listing_format,
        }
        return self._pages(
            "getOffers", "/offer", params, "offers", limit, offset_counts_pages=True
        )

    def get_offer(self, offer_id: str) -> Reply:
        """One offer with its `listing` and `status`.

        eBay: getOffer
        """
        return self._get("getOffer", _offer(offer_id))

    def create_offer(self, offer: Json) -> Reply:
        """Creates an unpublished offer; `offerId` comes back.

        Where one exists already (25002) the error's parameter `offerId` names it.

        eBay: createOffer
        """
        return self._write("createOffer", "POST", "/offer", offer, needs_text="offerId")

    def update_offer(self, offer_id: str, offer: Json) -> Reply:
        """Replaces an offer in full; a published one needs every field again.

        eBay: updateOffer
        """
        return self._write("updateOffer", "PUT", _offer(offer_id), offer)

    def delete_offer(self, offer_id: str) -> Reply:
        """Deletes an offer and ends its listing.

        eBay: deleteOffer
        """
        return self._write("deleteOffer", "DELETE", _offer(offer_id))

    def publish_offer(self, offer_id: str) -> Reply:
        """Makes a listing; `listingId` comes back. On a published offer eBay answers
        with the same listing, so it may be repeated.

        eBay: publishOffer
        """
        return self._write(
            "publishOffer",
            "POST",
            f"{_offer(offer_id)}/publish",
            {},
            repeatable=True,
            needs_text="listingId",
        )

    def withdraw_offer(self, offer_id: str) -> Reply:
        """Ends the listing and keeps the offer; publishing makes a new listing.

        eBay: withdrawOffer
        """
        return self._write("withdrawOffer", "POST", f"{_offer(offer_id)}/withdraw", {})

    def publish_group(self, group_key: str, marketplace_id: str) -> Reply:
        """Publishes the offers of a group as one listing; `listingId` comes back.

        eBay: publishOfferByInventoryItemGroup
        """
        return self._write(
            "publishOfferByInventoryItemGroup",
            "POST",
            "/offer/publish_by_inventory_item_group",
            {"inventoryItemGroupKey": group_key, "marketplaceId": marketplace_id},
            repeatable=True,
            needs_text="listingId",
        )

    def withdraw_group(self, group_key: str, marketplace_id: str) -> Reply:
        """Ends the listing of a group.

        eBay: withdrawOfferByInventoryItemGroup
        """
        return self._write(
            "withdrawOfferByInventoryItemGroup",
            "POST",
            "/offer/withdraw_by_inventory_item_group",
            {"inventoryItemGroupKey": group_key, "marketplaceId": marketplace_id},
        )

    def bulk_create_offers(self, offers: Sequence[Json]) -> Reply:
        """Creates up to 25 offers on one marketplace; read with `bulk_entries`.

        eBay: bulkCreateOffer
        """
        return self._write(
            "bulkCreateOffer",
            "POST",
            "/bulk_create_offer",
            requests_body(offers),
            needs="responses",
        )

    def bulk_publish_offers(self, offer_ids: Iterable[str]) -> Reply:
        """Publishes up to 25 single offers (no variations); read with `bulk_entries`.

        eBay: bulkPublishOffer
        """
        entries = [{"offerId": offer_id} for offer_id in offer_ids]
        return self._write(
            "bulkPublishOffer",
            "POST",
            "/bulk_publish_offer",
            requests_body(entries, unique="offerId"),
            needs="responses",
            repeatable=True,
        )

    def get_listing_fees(self, offer_ids: Iterable[str]) -> Reply:
        """What publishing these offers (up to 250) would cost, per marketplace.

        eBay: getListingFees
        """
        entries = [{"offerId": offer_id} for offer_id in offer_ids]
        body = {"offers": requests_body(entries, 250, unique="offerId")["requests"]}
        return self._json(
            "getListingFees", "POST", "/offer/get_listing_fees", body=body
        )


def _offer(offer_id: str) -> str:
    return path("/offer/{offerId}", offerId=offer_id)
