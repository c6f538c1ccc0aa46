"""A change of stock wakes the comparison, once per transaction, and nothing else."""

import contextlib
import logging
import threading
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.tests import BaseCase, tagged

from odoo.addons.ebay_sync import bell

from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestStockWake(StockCase):
    def wakes(self, work):
        """How often the account's comparison is woken by the transaction's end."""
        self.env.registry.clear_cache()
        self.env.cr.postcommit.clear()
        cron = self.account._stock_schedule().cron_id
        domain = [("cron_id", "=", cron.id)]
        Trigger = self.env["ir.cron.trigger"].sudo()
        before = Trigger.search_count(domain)
        work()
        self.assertEqual(Trigger.search_count(domain), before, "nobody waits for it")
        with patch.object(bell, "ring") as rung:
            self.env.cr.postcommit.run()
        for _env, method, ids in (call.args for call in rung.call_args_list):
            getattr(self.env["ebay.schedule"], method)(ids)
        return Trigger.search_count(domain) - before

    def moves(self):
        self.stock(self.product, 5)
        self.stock(self.storable("W"), 5)

    def test_stock_that_changes_wakes_once(self):
        self.assertEqual(self.wakes(self.moves), 1)

    def test_an_account_that_is_not_live_is_left_asleep(self):
        self.account.mode = "mirror"
        self.assertEqual(self.wakes(self.moves), 0)

    def test_a_disabled_schedule_is_left_asleep(self):
        self.account._stock_schedule().enabled = False
        self.assertEqual(self.wakes(self.moves), 0)

    def test_a_reservation_wakes(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Counter"}).id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_uom_qty": 1})
                ],
            }
        )
        self.assertEqual(self.wakes(sale.action_confirm), 1)

    def test_a_clerk_without_any_right_to_ebay_wakes_it_too(self):
        clerk = self.env["res.users"].create({"name": "Clerk", "login": "wake_clerk"})
        quants = self.env["stock.quant"].with_user(clerk).sudo()
        self.assertEqual(
            self.wakes(
                lambda: quants._update_available_quantity(
                    self.product, self.warehouse.lot_stock_id, 1
                )
            ),
            1,
        )

    def test_a_woken_run_looks_only_at_what_moved(self):
        listings = self.many(3)
        self.push()
        self.later()
        # what was made in this transaction is long ago
        self.env.flush_all()
        for table in ("stock_quant", "ebay_listing", "ebay_order"):
            self.env.cr.execute(
                f"UPDATE {table} SET write_date = write_date - interval '1 hour'"
            )
        self.env.invalidate_all()
        self.account._stock_schedule().compared_at = fields.Datetime.now() - timedelta(
            minutes=1
        )
        self.stock(listings[1].product_id, 3)
        log = self.run_flow("stock_out")
        self.assertEqual((log.seen_count, log.updated_count), (1, 1))
        self.assertEqual(self.ebay.quantity(listings[1].listing_ref), 8)


@tagged("post_install", "-at_install")
class TestBell(BaseCase):
    """Scheduled actions are woken by a thread, so that nobody waits for that."""

    def setUp(self):
        super().setUp()
        bell._rung_at.pop("bell_test", None)
        self.open = threading.Event()
        self.done = []
        self.notify = lambda: self.done.append(threading.current_thread().name)
        cursor = SimpleNamespace(
            dbname="bell_test", postcommit=SimpleNamespace(data={})
        )

        @contextlib.contextmanager
        def transaction():
            self.open.wait(60)
            yield cursor
            self.done.append("committed")

        self.env = SimpleNamespace(
            cr=cursor, registry=SimpleNamespace(cursor=transaction)
        )
        models = {
            "ebay.schedule": SimpleNamespace(_hear=self.done.append),
            "ir.cron": SimpleNamespace(_notifydb=lambda: self.notify()),
        }
        self.startPatcher(patch.object(bell.api, "Environment", lambda *_: models))

    def settle(self):
        self.open.set()
        for thread in threading.enumerate():
            if thread.name == "ebay_sync.bell":
                thread.join(60)

    def test_nobody_waits_and_nobody_is_forgotten(self):
        for number in range(3):
            bell.ring(self.env, "_hear", (number, 7))
        self.assertEqual(self.done, [], "the committing transaction continues at once")
        self.settle()
        heard = [one for one in self.done if isinstance(one, set)]
        self.assertEqual(set().union(*heard), {0, 1, 2, 7})
        self.assertEqual(self.done[-2:], ["committed", "ebay_sync.bell"])
        self.done.clear()
        bell.ring(self.env)
        self.settle()
        self.assertEqual(self.done, ["committed", "ebay_sync.bell"])

    def test_a_database_that_cannot_be_told_hurts_nobody(self):
        def deaf():
            self.done.append("deaf")
            raise psycopg2.OperationalError("no connection")

        self.notify = deaf
        with self.assertLogs(bell._logger, logging.INFO) as logs:
            bell.ring(self.env)
            self.settle()
        self.assertEqual(self.done, ["committed", "deaf"])
        self.assertIn("check on their own", logs.output[0])
