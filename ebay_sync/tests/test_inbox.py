"""The inbox's buttons: each says what it does, in the reader's language."""

from lxml import etree

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
