"""Stories of orders that change at eBay after they came, played from their files."""

from odoo.tests import tagged

from .case_player import StoryCase


@tagged("post_install", "-at_install")
class TestStories(StoryCase):
    def test_an_unpaid_order_is_a_quotation(self):
        player = self.player("other_address_chosen_at_payment")
        player.play(2)
        self.assertEqual(player.sale.state, "draft")
        self.assertEqual(player.sale.partner_shipping_id.city, "Köln")
