"""Who a buyer is, beside the user name: asked for once, and what for."""

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.ebay_sync.flows.reference.reference_in import Part

from .orders import ebay_time
from .privacy_case import NAME, STREET, PrivacyCase

TOKEN = "nY+sHZ2PrBmd=="  # as closing_push tells it


class FakeTrading:
    """Tells who bought, page by page; ``tokens`` by order number."""

    def __init__(self):
        self.windows = []
        self.tokens = {}

    def order_pages(self, created, output=()):
        self.windows.append(created)
        for ref, token in self.tokens.items():
            yield {"OrderArray": {"Order": [{"OrderID": ref, "EIASToken": token}]}}


@tagged("post_install", "-at_install")
class TestBuyerTokens(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.trading = FakeTrading()
        client = SimpleNamespace(fulfillment=self.ebay, trading=self.trading)
        Flow = type(self.env["ebay.flow.reference.in"])
        for target, name, instead in (
            (type(self.env["ebay.account"]), "_client", lambda *a, **k: client),
            (Flow, "_places", lambda flow, run: flow.env["ebay.marketplace"]),
            (
                Flow,
                "_parts",
                lambda flow, places: [
                    Part("buyers", "", "Buyers", flow.env["ebay.buyer.tokens"]._read)
                ],
            ),
        ):
            self.startPatcher(patch.object(target, name, instead))

    def ask(self):
        log = self.run_flow("reference_in")
        self.assertEqual(log.state, "done")

    def yesterday(self):
        return ebay_time(datetime.now(timezone.utc) - timedelta(days=1))

    def test_a_buyer_who_changed_the_name_and_closed_the_account_is_forgotten(self):
        partner = self.buy(creationDate=self.yesterday()).partner_id
        self.trading.tokens = {"12-1": TOKEN, "of-somebody-else": "nY+x=="}
        self.ask()
        self.assertEqual(partner.ebay_user_ref, TOKEN)
        self.close(username="renamed_since")
        self.assertFalse(partner.active)
        for needle in ("anna_22", TOKEN, NAME, STREET):
            self.assertFalse(self.everything_about(needle), needle)

    def test_nothing_is_asked_twice(self):
        self.ask()
        self.assertFalse(self.trading.windows)
        self.buy(creationDate=self.yesterday())
        self.ask()  # eBay tells no token
        [(begin, until)] = self.trading.windows
        self.assertLessEqual(until - begin, timedelta(days=1))
        self.ask()
        self.assertEqual(len(self.trading.windows), 1)

    def test_an_order_that_is_built_later_is_asked_for_then(self):
        sale = self.buy("12-0", "late_one", creationDate=self.yesterday())
        order = self.stored("12-0")
        order.write({"state": "blocked", "sale_order_id": False})
        just_now = ebay_time(datetime.now(timezone.utc))
        self.buy(username="late_one", creationDate=just_now)
        later = datetime.now(timezone.utc) - timedelta(hours=1)
        self.stored("12-1").ebay_created_at = later.replace(tzinfo=None)
        self.ask()
        self.assertEqual(self.account.buyers_read_until_at, order.ebay_created_at)
        order.write({"state": "imported", "sale_order_id": sale.id})
        self.trading.tokens = {"12-0": TOKEN}
        self.ask()
        self.assertEqual(sale.partner_id.ebay_user_ref, TOKEN)

    def test_a_customer_of_the_shops_own_gets_no_token(self):
        sale = self.buy(creationDate=self.yesterday())
        sale.partner_id.ebay_username = "somebody_else"
        self.trading.tokens = {"12-1": TOKEN}
        self.ask()
        self.assertFalse(sale.partner_id.ebay_user_ref)

    def test_what_ebay_showed_ninety_days_ago_is_not_asked_for(self):
        long_ago = datetime.now(timezone.utc) - timedelta(days=95)
        self.buy(creationDate=ebay_time(long_ago))
        self.ask()
        self.assertFalse(self.trading.windows)
