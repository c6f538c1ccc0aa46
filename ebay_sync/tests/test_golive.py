"""From mirror to live: the preview, the pilot, all; and back to the mirror."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .golive_case import GoLiveCase


@tagged("post_install", "-at_install")
class TestPreview(GoLiveCase):
    def test_both_sides_stand_side_by_side_and_nothing_changes(self):
        takeover = self.preview()
        self.assertEqual(takeover.line_count, 3)
        self.assertEqual((takeover.quantity_count, takeover.zero_count), (2, 1))
        other = self.line(takeover, "OTHER")
        self.assertEqual((other.ebay_quantity, other.odoo_quantity), (4, 9))
        self.assertTrue(self.line(takeover, "NONE").goes_to_zero)
        self.assertFalse(self.line(takeover, "EVEN").quantity_differs)
        self.assertEqual(self.on_hand("OTHER"), 9)
        self.assertEqual(set(self.rows().mapped("stock_master")), {"nobody"})

    def test_its_lines_show_what_matters_before_and_after(self):
        takeover = self.preview()
        context = takeover.action_view_lines()["context"]
        self.assertEqual(context, {"ebay_acted": False, "search_default_changes": 1})
        zero = takeover.with_context(ebay_filter="to_zero").action_view_lines()
        self.assertNotIn("search_default_changes", zero["context"])
        self.assertTrue(zero["context"]["search_default_to_zero"])
        takeover.action_adopt()
        self.assertEqual(takeover.action_view_lines()["context"], {"ebay_acted": True})

    def test_it_is_named_by_its_time_where_the_reader_is(self):
        takeover = self.preview().sudo()
        takeover.computed_at = "2026-07-01 22:30:00"
        there = takeover.with_context(tz="Europe/Warsaw", lang="en_US")
        self.assertIn("12:30", there.display_name)

    def test_prices_are_compared_by_the_accounts_rules(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "P", "currency_id": self.rows()[0].currency_id.id}
        )
        self.env["ebay.price.rule"].create(
            {"account_id": self.account.id, "pricelist_id": pricelist.id}
        )
        self.account.price_move_limit = 30
        self.products["EVEN"].list_price = 10.0
        self.products["OTHER"].list_price = 11.0
        self.products["NONE"].list_price = 50.0
        takeover = self.preview()
        prices = {
            line.product_id.default_code: (line.price_differs, line.price_jumps)
            for line in takeover.line_ids
        }
        self.assertEqual(prices["EVEN"], (False, False))
        self.assertEqual(prices["OTHER"], (True, False))
        self.assertEqual(prices["NONE"], (True, True))

    def test_it_bears_every_kind_of_exception(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "P", "currency_id": self.rows()[0].currency_id.id}
        )
        self.env["ebay.price.rule"].create(
            {"account_id": self.account.id, "pricelist_id": pricelist.id}
        )
        product = self.products["EVEN"]
        for kind, _label in self.env["ebay.override"]._fields["kind"].selection:
            override = self.env["ebay.override"].create(
                {
                    "account_id": self.account.id,
                    "kind": kind,
                    "amount": 3,
                    "product_id": product.id,
                }
            )
            with self.subTest(kind):
                line = self.line(self.preview(), "EVEN")
                self.assertEqual(line.quantity_known, kind != "never")
                if kind == "price_never":
                    self.assertFalse(line.price_differs)
            override.unlink()

    def test_ended_ignored_and_unlinked_listings_are_no_lines(self):
        self.rows("1001").action_ignore()
        self.ebay.change("1002", status="Completed")
        self.pull()
        self.assertEqual(self.preview().line_count, 1)

    def test_old_previews_go_and_what_was_adopted_stays(self):
        old, adopted, new = self.preview(), self.preview(), self.preview()
        adopted.sudo().state = "adopted"
        self.env.flush_all()
        self.cr.execute(
            "UPDATE ebay_takeover SET create_date = create_date - interval '31 days' "
            "WHERE id IN %s",
            [(old.id, adopted.id)],
        )
        self.env.invalidate_all()
        self.env["ebay.takeover"]._gc_previews()
        self.assertEqual((old + adopted + new).exists(), adopted + new)
        self.assertTrue(adopted.line_ids)

    def test_only_managers_compare_and_decide(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).action_preview()
        takeover = self.preview()
        with self.assertRaises(AccessError):
            takeover.with_user(self.user).action_adopt()
        with self.assertRaises(AccessError):
            self.rows("1001").with_user(self.user).stock_master = "odoo"


@tagged("post_install", "-at_install")
class TestGoLive(GoLiveCase):
    def test_the_preview_comes_first(self):
        account = self.account.with_user(self.manager)
        with self.assertRaises(UserError):
            account.action_go_live()
        takeover = self.preview()
        takeover.sudo().computed_at = fields.Datetime.now() - timedelta(days=2)
        with self.assertRaises(UserError):
            account.action_go_live()
        takeover.action_compute()
        account.action_go_live()
        self.assertEqual((self.account.mode, self.account.golive_stage), ("live",) * 2)

    def test_the_pilot_goes_first_and_then_all(self):
        self.preview()
        account = self.account.with_user(self.manager)
        with self.assertRaises(UserError):
            account.action_go_live_pilot()
        account.pilot_domain = "[('sku', '=', 'EVEN')]"
        account.action_go_live_pilot()
        masters = {row.sku: row.stock_master for row in self.rows()}
        self.assertEqual(masters, {"EVEN": "odoo", "OTHER": "nobody", "NONE": "nobody"})
        self.assertEqual(self.account.mode, "live")
        account.action_go_live()
        self.assertEqual(set(self.rows().mapped("stock_master")), {"odoo"})
        self.assertEqual(set(self.rows().mapped("price_master")), {"nobody"})

    def test_a_narrowed_pilot_lets_go_and_an_emptied_one_takes_no_more(self):
        self.preview()
        account = self.account.with_user(self.manager)
        account.pilot_domain = "[('sku', 'in', ('EVEN', 'OTHER'))]"
        account.action_go_live_pilot()
        account.pilot_domain = "[('sku', '=', 'OTHER')]"
        account.action_go_live_pilot()
        masters = {row.sku: row.stock_master for row in self.rows()}
        self.assertEqual(masters, {"EVEN": "nobody", "OTHER": "odoo", "NONE": "nobody"})
        account.pilot_domain = "[]"
        self.assertFalse(self.account._live_listings())

    def test_what_a_person_decided_is_left_so(self):
        self.preview()
        self.rows("1002").with_user(self.manager).stock_master = "nobody"
        self.account.with_user(self.manager).action_go_live()
        masters = {row.sku: row.stock_master for row in self.rows()}
        self.assertEqual(masters, {"EVEN": "odoo", "OTHER": "nobody", "NONE": "odoo"})

    def test_what_was_adopted_is_read_once_more_before_going_live(self):
        self.adopted()
        account = self.account.with_user(self.manager)
        with self.assertRaises(UserError):
            account.action_go_live()
        self.mirrored_again()
        self.rows("1002").write({"stock_pending": True})
        with self.assertRaises(UserError):
            account.action_go_live()
        self.rows("1002").write({"stock_pending": False})
        account.action_go_live()
        self.assertEqual(set(self.rows().mapped("stock_master")), {"odoo"})

    def test_a_link_by_hand_follows_the_stage_too(self):
        self.preview()
        self.account.with_user(self.manager).action_go_live()
        self.ebay.add("1010", "STRANGE")
        self.ebay.change("1010")
        self.pull()
        row = self.rows("1010").with_user(self.user)
        row.product_id = self.products["EVEN"]
        self.assertEqual(row.stock_master, "odoo")
        self.assertFalse(row.stock_by_hand)

    def test_prices_go_live_only_when_wanted(self):
        self.preview()
        self.account.golive_prices = True
        self.account.with_user(self.manager).action_go_live()
        self.assertEqual(set(self.rows().mapped("price_master")), {"odoo"})

    def test_what_is_linked_later_follows_the_stage(self):
        self.preview()
        self.account.pilot_domain = "[('sku', 'like', 'NEW')]"
        self.account.with_user(self.manager).action_go_live_pilot()
        for ref, code in (("1010", "NEW-1"), ("1011", "LATER")):
            self.product(code)
            self.ebay.add(ref, code)
            self.ebay.change(ref)
        self.pull()
        self.assertEqual(self.rows("1010").stock_master, "odoo")
        self.assertEqual(self.rows("1011").stock_master, "nobody")

    def test_back_to_the_mirror_stops_every_write(self):
        self.preview()
        account = self.account.with_user(self.manager)
        account.action_go_live()
        account.action_back_to_mirror()
        self.assertEqual(self.account.mode, "mirror")
        self.assertFalse(self.account._may_write())
        self.assertEqual(set(self.rows().mapped("stock_master")), {"nobody"})

    def test_a_live_account_does_not_undo_its_opening_stock(self):
        takeover = self.adopted()
        self.mirrored_again()
        self.account.with_user(self.manager).action_go_live()
        with self.assertRaises(UserError):
            takeover.action_undo()

    def test_a_copied_database_does_not_go_live(self):
        self.preview()
        self.account.armed_for = "another database"
        with self.assertRaises(UserError):
            self.account.with_user(self.manager).action_go_live()

    def test_a_pilot_that_is_no_filter_is_refused(self):
        for text in ("[('nothing', '=', 1)]", "__import__('os')", "[(", "{}"):
            with self.assertRaises(ValidationError):
                self.account.with_user(self.manager).pilot_domain = text

    def test_a_user_does_not_go_live(self):
        self.preview()
        for name in ("action_go_live", "action_go_live_pilot", "action_back_to_mirror"):
            with self.assertRaises(AccessError):
                getattr(self.account.with_user(self.user), name)()
