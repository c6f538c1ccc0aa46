"""Which carrier is reported to eBay, and which method an eBay service means."""

from odoo.tests import Form, tagged

from .shipments import ShipmentCase


@tagged("post_install", "-at_install")
class TestCarriers(ShipmentCase):
    def test_a_method_is_proposed_by_its_name_and_confirmed_by_a_person(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.send()
        row = self.dhl.ebay_carrier_ids
        self.assertEqual((row.code, row.is_proposed), ("DHL", True))
        row.with_user(self.user).code = " DHLEXPRESS "
        self.assertEqual((row.code, row.is_proposed), ("DHLEXPRESS", False))

    def test_an_unknown_method_is_other_with_a_hint(self):
        sale = self.order()
        self.leave(sale.picking_ids, carrier=self.method("Cousin with a van"))
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["shippingCarrierCode"], "Other")
        issue = self.env["ebay.issue"].search([("code", "=", "carrier_unknown")])
        action = issue.with_user(self.user).action_fix()
        self.assertEqual(action["res_model"], "ebay.carrier")
        row = self.env["ebay.carrier"].browse(action["res_id"])
        with Form(row.with_user(self.user)) as form:
            form.code = "GLS"
        self.assertEqual(issue.state, "done")

    def test_ebays_own_list_of_a_marketplace_counts(self):
        place = self.env["ebay.marketplace"].search([("code", "=", "EBAY_PL")])
        book = self.env["ebay.carrier.book"]
        inpost, courier = self.method("InPost Paczkomat"), self.method("InPost Kurier")
        place.carrier_codes = {"DHL": "DHL", "INPOST": "InPost", "Other": "Other"}
        self.assertEqual(book._carrier_of(inpost, "EBAY_PL").code, "INPOST")
        place.carrier_codes = {"DHL": "DHL", "Other": "Other"}
        row = book._carrier_of(courier, "EBAY_PL")
        self.assertEqual((row.code, row.is_proposed), ("Other", True))
        self.account.marketplace_ids = place
        row.code = "Unheard"
        self.assertTrue(row.is_unlisted)
        self.assertEqual(row.ebay_names, "DHL, Other")

    def test_a_marketplace_has_its_own_code(self):
        german = self.env.ref("ebay_sync.ebay_marketplace_de", False) or self.env[
            "ebay.marketplace"
        ].search([("code", "=", "EBAY_DE")])
        Carrier = self.env["ebay.carrier"]
        book = self.env["ebay.carrier.book"]
        Carrier.create({"carrier_id": self.dhl.id, "code": "DHL"})
        Carrier.create(
            {
                "carrier_id": self.dhl.id,
                "code": "DHLEXPRESS",
                "marketplace_id": german.id,
            }
        )
        self.assertEqual(book._carrier_of(self.dhl, "EBAY_DE").code, "DHLEXPRESS")
        self.assertEqual(book._carrier_of(self.dhl, "EBAY_PL").code, "DHL")

    def test_a_service_is_proposed_and_a_choice_reaches_open_orders(self):
        sale = self.order()
        self.assertEqual(sale.ebay_service_code, "DE_DHLPaket")
        self.assertEqual(sale.carrier_id, self.dhl)
        instructions = self.ebay.orders["A-1"]["fulfillmentStartInstructions"]
        other = [dict(instructions[0])]
        other[0]["shippingStep"] = {
            **other[0]["shippingStep"],
            "shippingServiceCode": "DE_SonstigeDomestic",
        }
        late = self.order("A-2", fulfillmentStartInstructions=other)
        self.assertFalse(
            self.env["ebay.shipping.service"]
            .search([("code", "=", "DE_SonstigeDomestic")])
            .is_proposed
        )
        self.assertFalse(late.carrier_id)
        issue = self.env["ebay.issue"].search([("code", "=", "service_unknown")])
        row = self.env["ebay.shipping.service"].browse(issue.res_id)
        with Form(row.with_user(self.user)) as form:
            form.carrier_id = self.dhl
        self.assertEqual(late.carrier_id, self.dhl)
        self.assertEqual(late.picking_ids.carrier_id, self.dhl)
        self.assertEqual(issue.state, "done")

    def test_a_method_that_comes_later_is_proposed_with_the_next_order(self):
        self.dhl.name = "Something"
        sale = self.order("A-1")
        self.assertFalse(sale.carrier_id)
        self.assertIn("service_unknown", self.codes())
        self.dhl.name = "DHL"
        self.order("A-2")
        self.assertEqual(sale.carrier_id, self.dhl)
        self.assertNotIn("service_unknown", self.codes())
