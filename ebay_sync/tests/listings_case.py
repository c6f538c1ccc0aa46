"""A connected account with its listings at a fake eBay."""

from .common import EbayCase
from .fake_listings import FakeListings

SHIRT = {
    "variations": [
        {"sku": "S-R", "quantity": 2, "aspects": {"Colour": "Red", "Size": "M"}},
        {"sku": "S-B", "quantity": 0, "aspects": {"Colour": "Blue", "Size": "M"}},
    ]
}


class ListingsCase(EbayCase):
    """A connected account with its listings at a fake eBay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany = cls.env["ebay.marketplace"].search([("code", "=", "EBAY_DE")])
        cls.account.marketplace_ids = cls.germany
        cls.connect()
        cls.Listing = cls.env["ebay.listing"].with_context(active_test=False)

    def setUp(self):
        super().setUp()
        self.ebay = FakeListings()

    def pull(self, **shape):
        """One run of the flow; returns its log."""
        with self.ebay.serve():
            return self.run_flow("listings_in", **shape)

    def again(self):
        """The next full sweep is due."""
        self.account.listings_swept_at = False

    def rows(self, ref=None):
        domain = [("account_id", "=", self.account.id)]
        return self.Listing.search(
            domain + ([("listing_ref", "=", ref)] if ref else [])
        )
