"""What the inbox asks until somebody has corrected it: addresses, unknown SKUs."""

from odoo.tests import tagged

from .orders import FixCase, fixture, simple_order


@tagged("post_install", "-at_install")
class TestOrderAddressFix(FixCase):
    """An address that Odoo cannot hold is asked about until somebody corrects it."""

    def address_of(self, order):
        step = order["fulfillmentStartInstructions"][0]["shippingStep"]
        return step["shipTo"]["contactAddress"]

    def strange_state(self, ref="A-1"):
        """An American order from a state that does not exist."""
        order = simple_order(ref)
        registered = order["buyer"]["buyerRegistrationAddress"]["contactAddress"]
        for address in (self.address_of(order), registered):
            address.update(countryCode="US", stateOrProvince="XX", city="Springfield")
        return order

    def test_a_state_that_does_not_exist_is_asked_about_until_corrected(self):
        order = self.strange_state()
        self.pull(order)
        self.assertEqual(self.stored("A-1").state, "imported")
        partner = self.sale("A-1").partner_id
        self.assertEqual(partner.city, "Springfield")
        self.assertEqual(partner.ebay_province, "XX")
        issue = self.issue("A-1", "state_unknown")
        self.assertEqual(issue.count, 1)
        self.pull_later({**order, "buyerCheckoutNotes": "Changed on eBay"})
        self.assertEqual(issue.state, "open", "nobody has corrected anything")
        action = issue.action_fix()
        self.assertEqual(action["res_id"], partner.id)
        partner.phone = "+4922112345"
        self.assertEqual(issue.state, "open")
        partner.write({"state_id": self.env.ref("base.state_us_5").id})
        self.assertEqual(issue.state, "done")

    def test_it_is_corrected_by_a_country_without_states_as_well(self):
        self.pull(self.strange_state())
        self.assertTrue(self.issue("A-1", "state_unknown"))
        self.sale("A-1").partner_id.country_id = self.env.ref("base.de")
        self.assertFalse(self.issue("A-1", "state_unknown"))

    def test_it_is_corrected_by_another_address_on_the_order_as_well(self):
        order = self.strange_state()
        registered = order["buyer"]["buyerRegistrationAddress"]["contactAddress"]
        registered.update(countryCode="DE", city="Bonn", stateOrProvince=None)
        self.pull(order)
        sale, issue = self.sale("A-1"), self.issue("A-1", "state_unknown")
        self.assertNotEqual(sale.partner_id, sale.partner_shipping_id)
        self.assertEqual(issue.action_fix()["res_id"], sale.partner_shipping_id.id)
        sale.partner_shipping_id = sale.partner_id
        self.assertEqual(issue.state, "done")

    def test_what_is_ignored_stays_ignored_and_a_cancelled_order_asks_nothing(self):
        first, second = self.strange_state("A-1"), self.strange_state("A-2")
        self.pull(first, second)
        issue = self.issue("A-1", "state_unknown")
        issue.ignore_reason = "The parcel arrives"
        issue.action_ignore()
        later = self.issue("A-2", "state_unknown")
        self.pull_later(
            {**first, "buyerCheckoutNotes": "Changed on eBay"},
            {**second, "cancelStatus": {"cancelState": "CANCELED"}},
        )
        self.assertEqual((issue.state, issue.count), ("ignored", 1))
        self.assertEqual(later.state, "done")

    def test_a_country_that_is_none_is_asked_about_until_corrected(self):
        for ref, text in (("A-1", "ZZ"), ("A-2", "Germany")):
            order = simple_order(ref)
            registered = order["buyer"]["buyerRegistrationAddress"]["contactAddress"]
            for address in (self.address_of(order), registered):
                address["countryCode"] = text
            self.pull_later(order)
            issue = self.issue(ref, "country_unknown")
            self.assertIn(text, issue.summary)
            self.assertEqual(issue.severity, "warning")
            self.pull_later({**order, "buyerCheckoutNotes": "Changed on eBay"})
            self.assertEqual(issue.state, "open")
            self.sale(ref).partner_id.country_id = self.env.ref("base.de")
            self.assertEqual(issue.state, "done")

    def test_a_packstation_without_the_customers_number_is_asked_about(self):
        order = fixture("de_packstation_without_number")
        order["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        order["lineItems"][0]["sku"] = "SKU-1"
        ref = order["orderId"]
        self.pull(order)
        issue = self.issue(ref, "locker_number_missing")
        self.assertIn("Packstation", issue.summary)
        delivery = self.sale(ref).partner_shipping_id
        self.pull_later({**order, "buyerCheckoutNotes": "Changed on eBay"})
        self.assertEqual(issue.state, "open")
        self.assertEqual(issue.action_fix()["res_id"], delivery.id)
        delivery.street2 = "Postnummer 1234567"
        self.assertEqual(issue.state, "done")

    def test_the_number_may_stand_beside_the_name(self):
        order = fixture("de_packstation_without_number")
        order["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        step = order["fulfillmentStartInstructions"][0]["shippingStep"]
        step["shipTo"]["fullName"] += " 1234567"
        self.pull(order)
        self.assertFalse(self.issue(order["orderId"], "locker_number_missing"))


@tagged("post_install", "-at_install")
class TestOrderPlaceholderProduct(FixCase):
    def test_what_was_booked_on_the_placeholder_is_asked_about_until_linked(self):
        self.account.unknown_sku_rule = "placeholder"
        order, other = simple_order("A-1"), simple_order("A-2")
        for one, sku in ((order, "NEW-SKU"), (other, "OTHER-SKU")):
            one["lineItems"][0]["sku"] = sku
        other["lineItems"][0]["legacyItemId"] = "110000000002"
        self.pull(order, other)
        first = self.issue("A-1", "placeholder_used")
        second = self.issue("A-2", "placeholder_used")
        self.pull_later(
            {**order, "buyerCheckoutNotes": "Changed on eBay"},
            {**other, "buyerCheckoutNotes": "Changed on eBay"},
        )
        self.assertEqual((first.state, second.state), ("open", "open"))
        self.press(first, product_id=self.product).action_link()
        self.assertEqual((first.state, second.state), ("done", "open"))
        later = simple_order("A-3")
        later["lineItems"][0]["sku"] = "NEW-SKU"
        self.pull_later(later)
        goods = self.sale("A-3").order_line.filtered("ebay_line_ref")
        self.assertEqual(goods.product_id, self.product)
        self.storable("OTHER-SKU")
        self.pull_later({**other, "buyerCheckoutNotes": "Changed again"})
        self.assertEqual(second.state, "done")
