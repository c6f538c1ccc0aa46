"""Orders in: fetched, stored, built, once, to the cent."""

import copy
import os
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.mapping.orders.order import map_order
from odoo.addons.ebay_sync.mapping.values.errors import MappingError

from .orders import (
    OrderCase,
    ebay_time,
    fixture,
    fixtures,
    generated_orders,
    simple_order,
)

BUILD_LOGGER = "odoo.addons.ebay_sync.flows.orders.build"
RUN_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"
STORE_LOGGER = "odoo.addons.ebay_sync.flows.orders.orders_in"


@tagged("post_install", "-at_install")
class TestOrdersIn(OrderCase):
    def test_a_paid_order_becomes_a_confirmed_sale_order(self):
        log = self.pull(simple_order("A-1"))
        self.assertEqual(log.state, "done")
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.amount_total, 24.99)
        self.assertEqual(sale.currency_id.name, "EUR")
        goods = sale.order_line.filtered("ebay_line_ref")
        self.assertEqual(goods.product_id, self.product)
        self.assertEqual((goods.product_uom_qty, goods.price_unit), (2, 10))
        self.assertEqual(sale.picking_ids.move_ids.state, "assigned")
        self.assertEqual(sale.client_order_ref, "A-1")
        self.assertEqual(self.stored("A-1").state, "imported")
        created = datetime.fromisoformat(simple_order()["creationDate"][:19])
        self.assertLess(abs(sale.date_order - created), timedelta(minutes=1))

    def test_the_second_run_changes_nothing_and_asks_little(self):
        self.pull(simple_order("A-1"), simple_order("A-2"))
        self.ebay.calls.clear()
        self.env.flush_all()
        log = self.run_flow("orders_in")
        self.assertEqual(len(self.ebay.calls), 1)
        self.assertEqual((log.created_count, log.updated_count), (0, 0))
        self.assertEqual(
            len(self.env["sale.order"].search([("origin", "=", "eBay")])), 2
        )

    def test_an_order_by_number_is_fetched_and_asked_for_again_if_not_there(self):
        self.account._want_orders(["A-9", "A-9"])
        self.run_flow("orders_in")
        row = self.stored("A-9")
        self.assertEqual(row.wanted_tries, 1)
        self.assertGreater(row.wanted_at, fields.Datetime.now())
        row.wanted_at = fields.Datetime.now()
        late = simple_order("A-9", lastModifiedDate="2019-01-01T00:00:00.000Z")
        self.pull(late)
        self.assertEqual(self.sale("A-9").state, "sale")
        self.assertFalse(row.wanted_at)

    def test_many_wanted_orders_are_read_in_one_turn(self):
        refs = [f"W-{number}" for number in range(120)]
        moment = "2019-01-01T00:00:00.000Z"
        self.ebay.show(*(simple_order(ref, lastModifiedDate=moment) for ref in refs))
        self.account._want_orders(refs)
        with patch.object(self.env.registry["ebay.order.build"], "_build_due"):
            log = self.run_flow("orders_in")
        asked = [call for call in self.ebay.calls if call[0] == "byId"]
        self.assertEqual([len(refs) for _name, refs in asked], [50, 50, 20])
        self.assertEqual(log.state, "done")
        self.assertFalse(self.env["ebay.order"].search([("wanted_at", "!=", False)]))

    def test_an_order_that_ebay_does_not_know_ends_in_the_inbox(self):
        self.account._want_orders(["A-9"])
        row = self.stored("A-9")
        for _ in range(10):
            row.wanted_at = fields.Datetime.now()
            self.env.flush_all()
            self.run_flow("orders_in")
        self.assertEqual(row.state, "ignored")
        self.assertIn("not known", row.issue_ids.summary)

    def test_an_older_document_changes_nothing(self):
        order = simple_order("A-1")
        self.pull(order)
        older = copy.deepcopy(order)
        older["orderPaymentStatus"] = "PENDING"
        older["lastModifiedDate"] = ebay_time(
            datetime.now(timezone.utc) - timedelta(hours=2)
        )
        self.pull(older)
        self.assertEqual(self.sale("A-1").ebay_payment_status, "PAID")

    def test_blanked_personal_data_does_not_blank_ours(self):
        order = simple_order("A-1")
        self.pull(order)
        blank = copy.deepcopy(order)
        ship_to = blank["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
        name = ship_to["fullName"]
        ship_to["fullName"] = ""
        ship_to["contactAddress"]["addressLine1"] = ""
        blank["lastModifiedDate"] = ebay_time(
            datetime.now(timezone.utc) - timedelta(minutes=5)
        )
        self.pull(blank)
        self.assertIn(name, str(self.stored("A-1").payload))

    # -- blocked and mended ----------------------------------------------------

    def test_an_unknown_sku_waits_and_goes_on_by_itself(self):
        order = simple_order("A-1")
        order["lineItems"][0]["sku"] = "NEW-SKU"
        self.pull(order)
        row, sale = self.stored("A-1"), self.sale("A-1")
        self.assertEqual(row.state, "blocked")
        self.assertEqual(sale.state, "draft")
        issue = row.issue_ids
        self.assertIn("NEW-SKU", issue.summary)
        self.assertEqual(issue.fix_label, "Link product")
        wizard = (
            self.env["ebay.link.product"]
            .with_user(self.user)
            .create({"issue_id": issue.id, "product_id": self.product.id})
        )
        wizard.action_link()
        self.assertEqual(issue.state, "done")
        self.run_flow("orders_in")
        self.assertEqual(row.state, "imported")
        self.assertEqual(sale.state, "sale")
        self.assertEqual(sale.amount_total, 24.99)

    def test_a_repeated_cause_is_counted_once(self):
        order = simple_order("A-1")
        order["lineItems"][0]["sku"] = "NEW-SKU"
        self.pull(order)
        row = self.stored("A-1")
        row.next_try_at = fields.Datetime.now()
        self.run_flow("orders_in")
        self.assertEqual(len(row.issue_ids), 1)
        self.assertEqual(row.issue_ids.count, 2)
        self.assertEqual(row.attempts, 2)

    def test_the_other_rules_for_an_unknown_sku(self):
        for rule, expected in (
            ("placeholder", self.account.placeholder_product_id),
            ("create", None),
        ):
            self.account.unknown_sku_rule = rule
            order = simple_order(f"A-{rule}")
            order["lineItems"][0]["sku"] = f"NEW-{rule}"
            self.account.orders_read_until_at = False
            self.pull(order)
            sale = self.sale(f"A-{rule}")
            row = self.stored(f"A-{rule}")
            self.assertEqual(sale.state, "sale", row.message)
            product = sale.order_line.filtered("ebay_line_ref").product_id
            if expected:
                self.assertEqual(product, expected)
            else:
                self.assertEqual(product.default_code, "NEW-create")

    def test_a_wrong_total_blocks_and_shows_both_sums(self):
        order = simple_order("A-1")
        order["pricingSummary"]["total"]["value"] = "25.00"
        self.pull(order)
        row = self.stored("A-1")
        self.assertEqual(row.state, "blocked")
        self.assertEqual(self.sale("A-1").state, "draft")
        self.assertIn("24.99", row.issue_ids.summary)
        self.assertIn("25.00", row.issue_ids.summary)

    def test_one_bad_order_costs_only_itself(self):
        orders = [simple_order(f"A-{number}") for number in range(5)]
        partner_create = type(self.env["sale.order"]).create

        def create(records, vals_list):
            if any(values.get("ebay_order_ref") == "A-3" for values in vals_list):
                raise ValueError("a buyer's secret")
            return partner_create(records, vals_list)

        with (
            patch.object(type(self.env["sale.order"]), "create", create),
            mute_logger(BUILD_LOGGER, RUN_LOGGER),
        ):
            log = self.pull(*orders)
        self.assertEqual(log.failed_count, 1)
        states = [self.stored(f"A-{number}").state for number in range(5)]
        self.assertEqual(states.count("imported"), 4)
        self.assertEqual(states[3], "blocked")
        self.assertNotIn("secret", self.stored("A-3").message)
        self.assertFalse(self.sale("A-3"))

    def test_states_are_words_and_what_is_new_is_shown_as_it_came(self):
        self.pull(simple_order("A-1", orderFulfillmentStatus="AT_THE_MOON"))
        row, sale = self.stored("A-1"), self.sale("A-1")
        self.assertEqual(row.payment_status_text, "Paid")
        self.assertEqual(row.fulfillment_status_text, "AT_THE_MOON")
        self.assertEqual(sale.ebay_payment_status_text, "Paid")
        self.assertEqual(sale.ebay_cancel_state_text, "None")
        self.assertFalse(self.env["sale.order"].new({}).ebay_cancel_state_text)

    # -- life of an order ------------------------------------------------------

    def test_a_cancelled_order_gives_its_stock_back(self):
        order = simple_order("A-1")
        self.pull(order)
        sale = self.sale("A-1")
        self.assertEqual(self.product.free_qty, 998)
        self.pull(self.changed(order, cancelStatus={"cancelState": "CANCELED"}))
        self.assertEqual(sale.state, "cancel")
        self.product.invalidate_recordset(["free_qty"])
        self.assertEqual(self.product.free_qty, 1000)

    def test_a_cancelled_order_that_has_left_asks_a_human(self):
        order = simple_order("A-1")
        self.pull(order)
        sale = self.sale("A-1")
        sale.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        sale.picking_ids._action_done()
        self.pull(self.changed(order, cancelStatus={"cancelState": "CANCELED"}))
        self.assertEqual(sale.state, "sale")
        self.assertEqual(self.stored("A-1").issue_ids.code, "cancelled_after_shipping")

    def test_a_cancel_request_is_told_and_forgotten_when_it_is_over(self):
        order = simple_order("A-1")
        self.pull(self.changed(order, cancelStatus={"cancelState": "IN_PROGRESS"}))
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "draft")
        issue = self.stored("A-1").issue_ids
        self.assertEqual((issue.code, issue.severity), ("cancel_requested", "danger"))
        later = self.changed(order, cancelStatus={"cancelState": "NONE_REQUESTED"})
        later["lastModifiedDate"] = ebay_time(
            datetime.now(timezone.utc) - timedelta(minutes=4)
        )
        self.pull(later)
        self.assertEqual(issue.state, "done")
        self.assertEqual(sale.state, "sale")

    def test_what_was_shipped_before_is_history(self):
        self.account.connected_at = datetime.now()
        self.pull(simple_order("A-1", orderFulfillmentStatus="FULFILLED"))
        self.assertEqual(self.stored("A-1").state, "ignored")
        self.assertFalse(self.sale("A-1"))

    def test_somebody_has_an_order_read_again(self):
        self.pull(simple_order("A-1"))
        row = self.stored("A-1")
        self.assertFalse(row.wanted_at)
        row.with_user(self.user).action_fetch_again()
        self.assertTrue(row.wanted_at)
        self.ebay.calls.clear()
        self.run_flow("orders_in")
        self.assertIn(("byId", ["A-1"]), self.ebay.calls)
        self.assertFalse(row.wanted_at)

    def test_an_unpaid_order_holds_its_goods_until_it_is_paid(self):
        self.account.hold_days = 3
        order = simple_order("U-1", orderPaymentStatus="PENDING")
        self.pull(order)
        sale = self.sale("U-1")
        self.assertEqual(sale.state, "draft")
        self.assertEqual(sale.ebay_hold_picking_id.state, "assigned")
        self.assertEqual(self.free(), 998)
        self.pull(self.changed(order, orderPaymentStatus="PAID"))
        self.assertEqual(sale.state, "sale")
        self.assertFalse(sale.ebay_hold_picking_id)
        self.assertEqual(self.free(), 998)
        self.assertEqual(sale.picking_ids.state, "assigned")

    def test_an_order_that_is_never_paid_lets_go(self):
        self.account.hold_days = 3
        self.pull(simple_order("U-1", orderPaymentStatus="PENDING"))
        sale = self.sale("U-1")
        sale.date_order = fields.Datetime.now() - timedelta(days=4)
        self.run_flow("orders_in")
        self.assertFalse(sale.ebay_hold_picking_id)
        self.assertEqual(self.free(), 1000)

    def free(self):
        self.product.invalidate_recordset(["free_qty"])
        return self.product.free_qty

    def test_an_order_is_asked_for_by_its_number(self):
        wizard = self.env["ebay.fetch.orders"].with_user(self.user)
        strange = wizard.create(
            {"account_id": self.account.id, "order_refs": "A-1, <script>"}
        )
        with self.assertRaises(UserError):
            strange.action_fetch()
        wizard.create(
            {"account_id": self.account.id, "order_refs": "A-1, A-2"}
        ).action_fetch()
        self.assertTrue(self.stored("A-1").wanted_at)
        self.assertTrue(self.stored("A-2").wanted_at)

    # -- the account -----------------------------------------------------------

    def test_an_account_with_orders_is_kept_and_stays_in_its_company(self):
        self.pull(simple_order("A-1"))
        with self.assertRaisesRegex(UserError, "Archive"):
            self.account.unlink()
        company = self.env["res.company"].create({"name": "Second"})
        with self.assertRaisesRegex(UserError, "cannot be moved"):
            self.account.company_id = company
        self.account.active = False
        self.assertFalse(self.account._flow_may_run(self.env["ebay.flow.orders.in"]))

    def test_what_a_run_notes_on_the_account_reads_none_of_its_orders(self):
        """A shop has a hundred thousand of them, and a run every five minutes."""
        self.pull(simple_order("A-1"))
        self.account.orders_read_until_at = datetime(2026, 1, 1)
        self.env.flush_all()
        self.account.invalidate_recordset(["order_ids"])
        self.account.orders_read_until_at = datetime(2026, 1, 2)
        self.assertFalse(
            self.env.cache.contains(self.account, self.account._fields["order_ids"])
        )

    # -- everything ------------------------------------------------------------

    @mute_logger(STORE_LOGGER, BUILD_LOGGER, RUN_LOGGER)
    def test_every_nasty_document_is_imported_or_blocked_with_a_reason(self):
        self.account.unknown_sku_rule = "placeholder"
        documents = fixtures()
        for number, document in enumerate(documents.values()):
            if isinstance(document, dict):
                document["lastModifiedDate"] = ebay_time(
                    datetime.now(timezone.utc) - timedelta(hours=1, minutes=number)
                )
        # one at a time, since several share their number on purpose
        readable = {
            name: document
            for name, document in documents.items()
            if isinstance(document, dict) and isinstance(document.get("orderId"), str)
        }
        for number, document in enumerate(readable.values()):
            document["orderId"] = f"N-{number}"
            for index, line in enumerate(document.get("lineItems") or []):
                if isinstance(line, dict) and isinstance(line.get("lineItemId"), str):
                    known = document["lineItems"][0]
                    if line is known or line["lineItemId"] != known.get("lineItemId"):
                        line["lineItemId"] = f"{number}-{index}"
        log = self.pull(*readable.values())
        self.assertEqual(log.state, "done", log.message)
        for number, name in enumerate(readable):
            with self.subTest(name):
                row = self.stored(f"N-{number}")
                self.check_one(row, readable[name])

    def check_one(self, row, document):
        self.assertIn(row.state, ("imported", "blocked", "ignored"))
        self.assertNotIn("order_failed", row.issue_ids.mapped("code"), row.message)
        if row.state != "imported":
            self.assertTrue(row.message)
            return
        expected = map_order(document).expected_total
        sale = row.sale_order_id
        self.assertEqual(Decimal(f"{sale.amount_total:.3f}"), expected)

    def test_a_document_without_a_number_is_told(self):
        broken = simple_order("A-1")
        good = simple_order("A-2")
        self.ebay.show(good)
        self.ebay.orders["x"] = {**broken, "orderId": ""}
        log = self.run_flow("orders_in")
        self.assertEqual(log.failed_count, 1)
        self.assertTrue(self.sale("A-2"))
        codes = self.account.issue_ids.mapped("code")
        self.assertIn("order_without_number", codes)

    def test_an_unusable_document_is_kept_and_blocked(self):
        document = fixture("bad_quantity_zero")
        with self.assertRaises(MappingError):
            map_order(document)
        document["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        with mute_logger(STORE_LOGGER):
            self.pull(document)
        row = self.stored(document["orderId"])
        self.assertEqual(row.state, "blocked")
        self.assertTrue(row.payload)
        self.assertIn("quantity", row.message)

    @mute_logger(STORE_LOGGER, BUILD_LOGGER, RUN_LOGGER)
    def test_documents_made_at_random_are_imported_or_blocked(self):
        self.account.unknown_sku_rule = "placeholder"
        count = int(os.environ.get("EBAY_SYNC_RANDOM_ORDERS", "150"))
        moment = simple_order()["lastModifiedDate"]
        wanted = set()
        for number, document in enumerate(generated_orders(count, seed=18)):
            if not isinstance(document, dict):
                continue
            document.update(orderId=f"R-{number}", lastModifiedDate=moment)
            wanted.add(f"R-{number}")
            self.ebay.orders[f"R-{number}"] = document
        logs = [self.run_flow("orders_in")]
        while logs[-1].state == "partial":
            logs.append(self.run_flow("orders_in"))
        self.assertEqual(logs[-1].state, "done", logs[-1].message)
        rows = self.env["ebay.order"].search([("order_ref", "in", list(wanted))])
        self.assertEqual(len(rows), len(wanted))
        for row in rows:
            self.check_one(row, row.payload)
