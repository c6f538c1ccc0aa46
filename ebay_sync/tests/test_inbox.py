"""The inbox's buttons: each says what it does, in the reader's language."""

from unittest.mock import patch

from lxml import etree
from psycopg2.errors import SerializationFailure

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import EbayCase


@tagged("post_install", "-at_install")
class TestInboxButtons(EbayCase):
    def labels(self, model, kind, code, **context):
        """What the buttons that fix an open issue of a code are called."""
        views = self.env[model].with_context(**context)
        arch = etree.fromstring(views.get_view(view_type=kind)["arch"])
        return [
            button.get("string")
            for button in arch.findall(".//button[@name='action_fix']")
            if f"'{code}'" in button.get("invisible")
        ]

    def test_every_button_says_what_it_does(self):
        inbox, order = "ebay.issue", "ebay.order"
        places = ((inbox, "list"), (inbox, "form"), (order, "form"))
        for code, words in self.env["ebay.issue"]._words().items():
            for model, kind in places:
                wanted = [words[2]] if words[2] else []
                self.assertEqual(self.labels(model, kind, code), wanted, code)

    def test_what_opens_the_record_stands_there_once(self):
        arch = etree.fromstring(
            self.env["ebay.issue"].get_view(view_type="list")["arch"]
        )
        [show] = arch.findall(".//button[@name='action_open_record']")
        self.assertIn("'price_none'", show.get("invisible"))
        self.assertNotIn("'product_archived'", show.get("invisible"))

    def test_it_says_so_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env["ir.module.module"]._load_module_terms(["ebay_sync"], ["pl_PL"])
        [polish] = self.labels("ebay.issue", "list", "product_archived", lang="pl_PL")
        [english] = self.labels("ebay.issue", "list", "product_archived")
        self.assertEqual(english, "Show zero on eBay")
        self.assertNotEqual(polish, english)


@tagged("post_install", "-at_install")
class TestRaisedTwice(EbayCase):
    """Two transactions say the same at the same time: no error, and one entry."""

    def raised(self):
        return self.env["ebay.issue"]._raise(
            self.account, "x", cause="A", record=self.account, what="tea"
        )

    def standing(self):
        return self.env["ebay.issue"].search([("code", "=", "x")])

    def test_it_stands_there_complete(self):
        self.assertFalse(self.account.issue_ids.filtered(lambda one: one.code == "x"))
        issue = self.raised()
        self.assertEqual(issue, self.standing())
        self.assertIn(issue, self.account.issue_ids)
        issue.invalidate_recordset()
        self.assertEqual(issue.details, {"what": "tea"})
        self.assertEqual(issue.company_id, self.account.company_id)
        self.assertEqual((issue.severity, issue.severity_rank), ("warning", 1))
        self.assertTrue(issue.first_seen_at and issue.last_seen_at)
        self.assertEqual((issue.state, issue.count), ("open", 1))
        self.assertEqual(self.raised(), issue)
        self.assertEqual(issue.count, 2)

    def test_what_another_put_there_meanwhile_stays_alone(self):
        issue = self.raised()
        model = type(issue)
        with patch.object(model, "search", lambda rows, *a, **k: rows.browse()):
            self.assertFalse(self.raised())
        self.assertEqual(self.standing(), issue)

    def test_what_this_transaction_does_not_see_yet_is_no_error(self):
        execute = Cursor.execute

        def collides(cr, query, *values, **options):
            if "INSERT INTO ebay_issue" in str(getattr(query, "code", query)):
                raise SerializationFailure("could not serialize access")
            return execute(cr, query, *values, **options)

        with patch.object(Cursor, "execute", collides):
            self.assertFalse(self.raised())
        self.assertTrue(self.raised(), "and the transaction goes on")
