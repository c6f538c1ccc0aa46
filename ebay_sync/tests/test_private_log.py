"""What fails tells the server's log nothing about a buyer."""

import logging
from unittest.mock import patch

import psycopg2
from psycopg2.errors import SerializationFailure

from odoo.sql_db import Cursor
from odoo.tests import tagged

from odoo.addons.ebay_sync.private_log import added_once, private

from .orders import OrderCase, simple_order

DRIVER = "odoo.sql_db"
RUN = "odoo.addons.ebay_sync.flows.engine.run"
NAME, STREET, PHONE = "Anna Zufall", "Rosenweg 7", "+49 30 1234567"


@tagged("post_install", "-at_install")
class TestPrivateLog(OrderCase):
    def said(self, query, *values, logger=DRIVER):
        """What the driver logs of a statement that fails."""
        with self.assertLogs(logger, "INFO") as logs:
            with self.assertRaises(psycopg2.Error), self.cr.savepoint():
                self.cr.execute(query, values)
        return "\n".join(logs.output)

    def assert_private(self, text):
        for secret in (NAME, STREET, PHONE):
            self.assertNotIn(secret, text)

    def test_a_statement_on_the_addons_tables_is_told_without_its_values(self):
        text = self.said(
            "INSERT INTO ebay_order (account_id, order_ref, state, payload) "
            "VALUES (NULL, %s, 'pending', jsonb_build_object('name', %s))",
            STREET,
            NAME,
        )
        self.assert_private(text)
        self.assertIn("INSERT INTO ebay_order", text)
        self.assertIn("NotNullViolation", text)
        self.assertIn("account_id", text)

    def test_elsewhere_only_while_ebays_data_are_at_work(self):
        query = "INSERT INTO res_partner (name, street, id) VALUES (%s, %s, 'x')"
        self.assertIn(NAME, self.said(query, NAME, STREET))
        with private():
            self.assert_private(self.said(query, NAME, STREET))
        self.assertIn(NAME, self.said(query, NAME, STREET), "and not afterwards")

    def test_what_collides_gives_way_and_is_no_error(self):
        error = SerializationFailure(f"could not serialize access: {NAME}")
        record = logging.LogRecord(
            DRIVER,
            logging.ERROR,
            "",
            0,
            "bad query: %s\nERROR: %s",
            (NAME, error),
            None,
        )
        with private():
            logging.getLogger(DRIVER).filter(record)
        self.assertEqual(record.levelname, "INFO")
        self.assert_private(record.getMessage())

    def test_what_another_transaction_may_just_have_added_gives_way(self):
        """Without an error in the log; whoever does it again finds the other's row."""
        places = self.env["ebay.marketplace"]
        places.create({"code": "EBAY_TWICE", "name": "Twice"})
        with self.assertNoLogs(DRIVER, "WARNING"):
            with self.assertRaises(SerializationFailure), self.cr.savepoint():
                with added_once(self.env):
                    places.create({"code": "EBAY_TWICE", "name": "Twice"})
        with self.assertLogs(DRIVER, "ERROR"), self.assertRaises(psycopg2.Error):
            with self.cr.savepoint():
                places.create({"code": "EBAY_TWICE", "name": "Twice"})

    def test_a_persons_call_locks_first_what_a_run_may_be_writing(self):
        """By a statement that is not logged when it fails: Odoo repeats the call."""
        mixin = "odoo.addons.ebay_sync.models.engine.ebay_access_mixin.lock_rows"
        row = self.env["ebay.order"].create(
            {"account_id": self.account.id, "order_ref": "A-9", "state": "blocked"}
        )
        with patch(mixin) as lock:
            row.with_user(self.robot).message = "a run"
            self.assertFalse(lock.mock_calls)
            row.with_user(self.user).action_build_now()
            lock.assert_called_with(row)

    def test_an_exception_of_a_run_is_told_without_its_text(self):
        def work(run):
            raise ValueError(f"cannot read {NAME}") from KeyError(STREET)

        with self.assertLogs(RUN, "ERROR") as logs:
            self.run_flow(work=work)
        [record] = logs.records
        text = logging.Formatter().format(record)
        self.assert_private(text)
        self.assertIn("ValueError", text)
        self.assertIn("in work", text, "and yet it is found")

    def test_a_record_that_fails_is_told_without_its_text(self):
        def work(run):
            run.failed(self.account.with_env(run.env), ValueError(NAME))

        with self.assertLogs(RUN, "WARNING") as logs:
            self.run_flow(work=work)
        text = logging.Formatter().format(logs.records[0])
        self.assert_private(text)
        self.assertIn("ValueError", text)


@tagged("post_install", "-at_install")
class TestHeldRows(OrderCase):
    """An order's document is written to a row that is held already."""

    def test_a_document_is_never_inserted(self):
        """So that no statement that carries one can collide with another."""
        seen = []
        execute = Cursor.execute

        def listening(cr, *values, **options):
            execute(cr, *values, **options)
            seen.append(cr._obj.query or b"")

        with patch.object(Cursor, "execute", listening):
            log = self.pull(simple_order("A-1"), simple_order("A-2"))
        self.assertEqual(log.state, "done", log.message)
        told = [text for text in seen if b"shippingStep" in text]
        self.assertTrue(told)
        self.assertFalse([text for text in told if b"INSERT" in text[:20]])
        rows = self.env["ebay.order"].search([])
        self.assertEqual(set(rows.mapped("order_ref")), {"A-1", "A-2"})
        self.assertEqual(rows.company_id, self.account.company_id)

    def test_a_row_that_another_transaction_changes_is_asked_for_again(self):
        """What collides is the statement that holds the rows; it is done again."""
        model = type(self.env["ebay.order"])
        hold, tries = model._hold, []

        def collides(orders, account, refs):
            tries.append(refs)
            if len(tries) < 3:
                raise SerializationFailure("could not serialize access")
            return hold(orders, account, refs)

        with patch.object(model, "_hold", collides):
            log = self.pull(simple_order("A-1"))
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(len(tries), 3)
        self.assertEqual(self.sale("A-1").state, "sale")
