"""Who bought, who pays, where it goes."""

from odoo.tests import tagged

from odoo.addons.ebay_sync.mapping.orders.order import map_order

from .orders import OrderCase, fixture, simple_order


@tagged("post_install", "-at_install")
class TestOrderPartner(OrderCase):
    def test_a_buyer_is_one_partner_and_a_new_address_a_child(self):
        first, second = simple_order("A-1"), simple_order("A-2")
        second["buyer"]["username"] = first["buyer"]["username"]
        step = second["fulfillmentStartInstructions"][0]["shippingStep"]
        step["shipTo"]["contactAddress"]["addressLine1"] = "Neuer Weg 7"
        self.pull(first, second)
        one, two = self.sale("A-1"), self.sale("A-2")
        self.assertEqual(one.partner_id, two.partner_id)
        self.assertEqual(two.partner_shipping_id.street, "Neuer Weg 7")
        self.assertEqual(two.partner_shipping_id.parent_id, one.partner_id)
        self.assertNotEqual(one.partner_shipping_id, two.partner_shipping_id)

    def test_a_relay_address_merges_nobody(self):
        first, second = simple_order("A-1"), simple_order("A-2")
        for order, street in ((first, "Weg 1"), (second, "Weg 2")):
            ship_to = order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
            ship_to["email"] = "same@members.ebay.com"
            registered = order["buyer"]["buyerRegistrationAddress"]
            for party in (ship_to, registered):
                party["contactAddress"]["addressLine1"] = street
        self.pull(first, second)
        self.assertNotEqual(self.sale("A-1").partner_id, self.sale("A-2").partner_id)

    def address_of(self, order):
        step = order["fulfillmentStartInstructions"][0]["shippingStep"]
        return step["shipTo"]

    def test_company_contact_and_delivery_are_kept_apart(self):
        order = simple_order("A-1")
        for contact in (
            self.address_of(order),
            order["buyer"]["buyerRegistrationAddress"],
        ):
            contact["fullName"] = "Anna Nowak"
            contact["companyName"] = "Nowak GmbH"
        self.pull(order)
        sale = self.sale("A-1")
        partner = sale.partner_id
        self.assertTrue(partner.is_company)
        self.assertEqual(partner.name, "Nowak GmbH")
        self.assertEqual(sale.partner_invoice_id, partner)
        self.assertEqual(sale.partner_shipping_id.name, "Anna Nowak")
        self.assertEqual(sale.partner_shipping_id.type, "delivery")
        self.assertEqual(sale.partner_shipping_id.commercial_partner_id, partner)

    def test_a_partner_with_exactly_this_address_is_taken(self):
        order = simple_order("A-1")
        party = order["buyer"]["buyerRegistrationAddress"]
        address = party["contactAddress"]
        known = self.env["res.partner"].create(
            {
                "name": party["fullName"],
                "street": address["addressLine1"],
                "city": address["city"],
                "zip": address["postalCode"],
                "country_id": self.env.ref("base.de").id,
            }
        )
        near = known.copy({"name": f"{known.name} jun."})
        self.pull(order)
        self.assertEqual(self.sale("A-1").partner_id, known)
        self.assertEqual(known.ebay_username, "buyer-A-1")
        self.assertFalse(near.ebay_username)

    def test_a_missing_buyer_is_a_marked_placeholder(self):
        order = simple_order("A-1")
        del order["buyer"]
        order["fulfillmentStartInstructions"] = []
        self.pull(order)
        sale = self.sale("A-1")
        self.assertTrue(sale.partner_id.ebay_is_placeholder)
        self.assertEqual(sale.state, "draft", "nobody knows where it goes")
        codes = self.stored("A-1").issue_ids.mapped("code")
        self.assertIn("buyer_missing", codes)
        self.assertIn("address_incomplete", codes)

    def test_hostile_texts_arrive_as_text(self):
        order = simple_order("A-1")
        name = "Robert'); DROP TABLE res_partner;-- <script>alert(1)</script> ✨ אבג"
        self.address_of(order)["fullName"] = name
        order["buyer"]["buyerRegistrationAddress"]["fullName"] = name
        order["buyerCheckoutNotes"] = "<img src=x onerror=alert(1)>"
        self.pull(order)
        sale = self.sale("A-1")
        self.assertEqual(sale.partner_id.name, name)
        self.assertEqual(sale.ebay_buyer_note, "<img src=x onerror=alert(1)>")

    def test_a_hub_is_where_it_goes_and_never_who_bought(self):
        document = fixture("gb_global_shipping_hub")
        document["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        self.account.unknown_sku_rule = "placeholder"
        self.pull(document)
        sale = self.sale(document["orderId"])
        order = map_order(document)
        self.assertIn("Reference #", sale.partner_shipping_id.street)
        self.assertEqual(
            sale.partner_shipping_id.country_id.code,
            order.fulfillment.deliver_to.address.country,
        )
        self.assertNotEqual(sale.partner_invoice_id, sale.partner_shipping_id)
