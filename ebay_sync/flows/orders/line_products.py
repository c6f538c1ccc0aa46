"""The product behind a line of an eBay order: by its listing, its SKU, its barcode."""

from collections import defaultdict
from functools import cached_property


class LineProducts:
    """Finds the products of ``lines`` of one account, each thing looked up once.

    A line says ``listing_ref``, ``sku`` and ``variation_ref``, each of which may be
    empty. Building an order and counting what it takes from the shelf ask the same.
    """

    def __init__(self, account, lines):
        self.env = account.env
        self.account = account
        self.company = account.company_id
        self._refs = {line.listing_ref for line in lines if line.listing_ref}
        self._skus = {line.sku for line in lines if line.sku}

    def find(self, line):
        """The product, or None where it is unknown or not the only one."""
        listings = self._listings.get(line.listing_ref, [])
        if len(listings) > 1:
            listings = [
                listing
                for listing in listings
                if (line.sku and listing.sku == line.sku)
                or (line.variation_ref and listing.variation_ref == line.variation_ref)
            ]
        products = {listing.product_id for listing in listings}
        if len(products) == 1:
            return products.pop()
        for found in (self._by_code, self._by_barcode):
            products = found.get(line.sku, [])
            if len(products) == 1:
                return products[0]
        return None

    @cached_property
    def _listings(self):
        Listing = self.env["ebay.listing"].with_context(active_test=False)
        found = defaultdict(list)
        for listing in Listing.search_fetch(
            [
                ("account_id", "=", self.account.id),
                ("listing_ref", "in", list(self._refs)),
                ("product_id", "!=", False),
            ],
            ["listing_ref", "sku", "variation_ref", "product_id"],
        ):
            found[listing.listing_ref].append(listing)
        return found

    @cached_property
    def _by_code(self):
        return self._by("default_code", self._skus)

    @cached_property
    def _by_barcode(self):
        return self._by("barcode", self._skus - set(self._by_code))

    def _by(self, field, values):
        found = defaultdict(list)
        if values:
            for product in self.env["product.product"].search(
                [
                    (field, "in", list(values)),
                    ("company_id", "in", (self.company.id, False)),
                ]
            ):
                found[product[field]].append(product)
        return found
