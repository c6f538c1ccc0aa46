"""Indexes follow what the models declare: on install, and on every upgrade."""

from unittest.mock import patch

from odoo.tests import TransactionCase
from odoo.tools import SQL

NAME = "ebay_issue_test_idx"


class TestIndexes(TransactionCase):
    def upgrade(self, **declared):
        """What ``-u`` does with the indexes, these among them."""
        model = self.env["ebay.indexes"]
        texts = {**model._declared(), **declared}
        with patch.object(type(model), "_declared", lambda self: texts):
            model._bring_in_step()

    def index(self, name=NAME):
        """(oid, definition) in PostgreSQL, or None."""
        rows = self.env.execute_query(
            SQL(
                "SELECT oid, pg_get_indexdef(oid) FROM pg_class WHERE relname = %s",
                name,
            )
        )
        return rows[0] if rows else None

    def test_installing_has_made_all_of_them(self):
        model = self.env["ebay.indexes"]
        self.assertEqual(model._present(), model._declared())
        self.assertIn("ebay_listing_thing_uniq", model._declared())
        self.assertIn("sale_order_ebay_order_uniq", model._declared())
        self.assertIn("sale_order_ebay_open_idx", model._declared())
        self.assertIn(
            "UNIQUE INDEX ebay_shipping_service_uniq",
            self.index("ebay_shipping_service_uniq")[1],
        )

    def test_an_unchanged_one_is_left_alone(self):
        self.upgrade(**{NAME: "INDEX|ebay_issue|(code)"})
        made = self.index()
        self.upgrade(**{NAME: "INDEX|ebay_issue|(code)"})
        self.assertEqual(self.index(), made)

    def test_a_changed_one_is_made_anew(self):
        self.upgrade(**{NAME: "INDEX|ebay_issue|(code)"})
        self.upgrade(**{NAME: "UNIQUE INDEX|ebay_issue|(id) WHERE code = 'a'"})
        definition = self.index()[1]
        self.assertIn("UNIQUE", definition)
        self.assertIn("'a'", definition)

    def test_one_that_nobody_declares_any_more_goes(self):
        self.upgrade(**{NAME: "INDEX|ebay_issue|(code)"})
        self.upgrade()
        self.assertFalse(self.index())

    def test_what_an_older_version_made_without_a_word_is_made_anew(self):
        self.env.cr.execute(SQL(f"CREATE INDEX {NAME} ON ebay_issue (state)"))
        self.upgrade(**{NAME: "INDEX|ebay_issue|(code)"})
        self.assertIn("(code)", self.index()[1])

    def test_indexes_of_others_are_left_alone(self):
        self.env.cr.execute(SQL(f"CREATE INDEX {NAME} ON ebay_issue (state)"))
        made = self.index()
        self.upgrade()
        self.assertEqual(self.index(), made)
