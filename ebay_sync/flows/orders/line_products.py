"""The product behind a line of an eBay order: by its listing, its SKU, its barcode."""

from functools import cached_property

from ...mapping.listings.variation import rows_meant


class LineProducts:
    """Finds the products of ``lines`` of one account, each thing looked up once.

    A line says ``listing_ref``, ``sku`` and ``variation_ref`` (the key of its aspects),
    each of which may be empty. Building an order and counting what it takes from the
    shelf ask the same.
    """

    def __init__(self, account, lines):
        self.env = account.env
        self.account = account
        self.company = account.company_id
        self._refs = {line.listing_ref for line in lines if line.listing_ref}
        self._skus = {line.sku for line in lines if line.sku}

    def find(self, line):
        """The product, or None where it is unknown or not the only one."""
        found = self.candidates(line)
        return found[0] if len(found) == 1 else None

    def candidates(self, line):
        """The products that a line may be, the best evidence alone; none is unknown."""
        listed = self._listings.get(line.listing_ref, ())
        meant = rows_meant(listed, line.sku or "", line.variation_ref or "")
        products = {row.product_id for row in meant if row.product_id}
        if products:
            return list(products)
        if self._is_shared(listed, line.sku):
            return []  # the article's SKU says nothing of the variation
        return self._by_code.get(line.sku) or self._by_barcode.get(line.sku) or []

    @staticmethod
    def _is_shared(rows, sku):
        """Whether several variations of the listing carry this SKU."""
        return bool(sku) and len([row for row in rows if row.sku == sku]) > 1

    @cached_property
    def _listings(self):
        Listing = self.env["ebay.listing"].with_context(active_test=False)
        return Listing.search_fetch(
            [
                ("account_id", "=", self.account.id),
                ("listing_ref", "in", list(self._refs)),
            ],
            ["listing_ref", "sku", "variation_ref", "is_variation", "product_id"],
        ).grouped("listing_ref")

    @cached_property
    def _by_code(self):
        return self._by("default_code", self._skus)

    @cached_property
    def _by_barcode(self):
        return self._by("barcode", self._skus - set(self._by_code))

    def _by(self, field, values):
        if not values:
            return {}
        products = self.env["product.product"].search(
            [
                (field, "in", list(values)),
                ("company_id", "in", (self.company.id, False)),
            ]
        )
        return {code: list(found) for code, found in products.grouped(field).items()}
