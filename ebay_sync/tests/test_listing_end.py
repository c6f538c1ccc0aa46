"""Listings that a manager ends at eBay: whole, logged, once, whatever happens."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import Transient

from .fake_shelf import refusal
from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestListingEnd(StockCase):
    def setUp(self):
        super().setUp()
        self.mug = self.storable("MUG")
        self.stock(self.mug, 5)

    def end(self, listings):
        listings.with_user(self.manager).action_end_on_ebay()

    def names(self):
        return [name for name, _entries in self.ebay.calls]

    def issues(self, code):
        return self.env["ebay.issue"].search([("code", "=", code)])

    def test_each_listing_is_ended_by_its_own_api(self):
        old = self.listing("MUG", 5, self.mug)
        modern = self.listing("MUG2", 5, self.mug, "offer-2")
        unknown = self.listing("MUG3", 5, self.mug, "offer-3")
        unknown.offer_ref = False
        self.end(old | modern | unknown)
        log = self.push()
        self.assertEqual(sorted(self.names()), ["end", "withdraw", "withdraw"])
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(log.updated_count, 3)
        for listing in old | modern | unknown:
            self.assertFalse(listing.active)
            self.assertEqual(listing.state, "ENDED")
            self.assertFalse(listing.end_wanted_at)
            self.assertIn(listing.id, log.line_ids.mapped("res_id"))
        self.push()
        self.assertEqual(len(self.ebay.calls), 3)

    def test_who_wanted_it_stands_on_the_account(self):
        listing = self.listing("MUG", 5, self.mug)
        self.end(listing)
        note = self.account.message_ids.sorted("id")[-1]
        self.assertIn("MUG", note.body)
        self.assertEqual(note.author_id, self.manager.partner_id)

    def test_a_manager_without_an_email_may(self):
        self.manager.email = False
        listing = self.listing("MUG", 5, self.mug, title="A <b>mug</b>")
        self.end(listing)
        self.assertTrue(listing.end_wanted_at)
        note = self.account.message_ids.sorted("id")[-1]
        self.assertIn("&lt;b&gt;", note.body)
        self.assertEqual(note.author_id, self.manager.partner_id)

    def test_only_managers_of_a_live_account_may(self):
        listing = self.listing("MUG", 5, self.mug)
        with self.assertRaises(AccessError):
            listing.with_user(self.user).action_end_on_ebay()
        self.account.mode = "mirror"
        with self.assertRaises(UserError):
            self.end(listing)
        self.assertFalse(listing.end_wanted_at)

    def test_it_may_be_thought_better_of(self):
        listing = self.listing("MUG", 5, self.mug)
        self.end(listing)
        listing.with_user(self.manager).action_keep_on_ebay()
        self.push()
        self.assertEqual(self.names(), [])
        self.assertTrue(listing.active)

    def test_variations_end_together_or_not_at_all(self):
        lid = self.storable("LID")
        item = {"listing_ref": "110000009999", "is_variation": True}
        one = self.listing("MUG", 5, self.mug, "G-1", group_ref="G", **item)
        two = self.listing("LID", 0, lid, "G-2", group_ref="G", **item)
        with self.assertRaises(UserError):
            self.end(one)
        self.end(one | two)
        self.push()
        self.assertEqual(self.names(), ["withdraw_group"])
        self.assertFalse((one | two).filtered("active"))

    def test_a_lost_answer_is_asked_again(self):
        listing = self.listing("MUG", 5, self.mug)
        self.end(listing)
        self.ebay.lose = 1
        self.push()
        self.assertTrue(listing.end_wanted_at)
        self.push()
        self.assertFalse(listing.end_wanted_at)
        self.assertTrue(listing.details_wanted, "the mirror tells that it is over")
        self.assertFalse(self.issues("end_refused"))

    def test_an_outage_does_not_keep_stock_from_working(self):
        listing = self.listing("MUG", 5, self.mug)
        other = self.listing("MUG2", 0, self.mug, "offer-2")
        self.end(listing)

        def down(name, _entries):
            if name == "end":
                raise Transient("eBay is down")

        self.ebay.trouble = down
        self.push()
        self.assertTrue(listing.end_wanted_at)
        self.assertEqual(self.ebay.quantity(other.listing_ref), 5)

    def test_a_listing_converted_meanwhile(self):
        listing = self.listing("MUG", 5, self.mug)
        self.ebay.things[listing.listing_ref, "MUG"]["offer"] = "offer-9"
        self.end(listing)
        self.push()
        self.push()
        self.assertEqual(self.names(), ["withdraw"])
        self.assertFalse(listing.active)

    def test_a_refusal_stands_in_the_inbox_in_ebays_words(self):
        listing = self.listing("MUG", 5, self.mug)

        def bids(_name, _entries):
            raise refusal("10007", text="There is an open case.")

        self.ebay.trouble = bids
        self.end(listing)
        with mute_logger("odoo.addons.ebay_sync.flows.engine.run"):
            self.push()
        self.assertFalse(listing.end_wanted_at)
        self.assertTrue(listing.active)
        self.assertIn("There is an open case.", self.issues("end_refused").advice)

    def test_an_archived_product_may_be_ended_from_the_inbox(self):
        listing = self.listing("MUG", 0, self.mug)
        second = self.listing("MUG2", 0, self.mug, "offer-2")
        self.push()
        self.mug.active = False
        self.push()
        issue = self.issues("product_archived")
        with self.assertRaises(AccessError):
            issue.with_user(self.user).action_end_listings()
        issue.with_user(self.manager).action_end_listings()
        self.assertEqual(issue.state, "done")
        self.push()
        self.assertFalse((listing | second).filtered("active"))

    def test_of_archived_variants_the_whole_listing_ends(self):
        lid = self.storable("LID")
        item = {"listing_ref": "110000009999", "is_variation": True}
        one = self.listing("MUG", 0, self.mug, **item)
        two = self.listing("LID", 0, lid, **item)
        self.mug.active = False
        self.push()
        issue = self.issues("product_archived").with_user(self.manager)
        with self.assertRaises(UserError):
            issue.action_end_listings()
        lid.active = False
        issue.action_end_listings()
        self.push()
        self.assertIn("end", self.names())
        self.assertFalse((one | two).filtered("active"))
