"""Which lines of an order are reported: refunded ones, services, downloads."""

import copy

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .orders import simple_order
from .shipments import ShipmentCase


def line_of(document, number, sku, cost, refund=None):
    """Another line of an order, of one piece."""
    line = copy.deepcopy(document["lineItems"][0])
    line.update(lineItemId=f"9{number}", sku=sku, quantity=1)
    for name in ("lineItemCost", "total"):
        line[name] = {"value": cost, "currency": "EUR"}
    line["deliveryCost"] = {"shippingCost": {"value": "0.00", "currency": "EUR"}}
    if refund:
        line["refunds"] = [
            {"refundId": "5", "amount": {"value": refund, "currency": "EUR"}}
        ]
    return line


class LinesCase(ShipmentCase):
    def buy(self, ref, *skus, goods=True):
        """An order of two SKU-1 for 20.00 and one each of other articles for 5.00."""
        document = simple_order(ref)
        lines = [line_of(document, n, sku, "5.00") for n, sku in enumerate(skus, 1)]
        document["lineItems"] = document["lineItems"] * goods + lines
        summary = document["pricingSummary"]
        cost = 20.0 * goods + 5.0 * len(lines)
        delivery = 4.99 * goods
        summary["priceSubtotal"]["value"] = f"{cost:.2f}"
        summary["deliveryCost"]["value"] = f"{delivery:.2f}"
        summary["total"]["value"] = f"{cost + delivery:.2f}"
        self.pull(document)
        sale = self.sale(ref)
        self.assertEqual(sale.state, "sale", self.stored(ref).message)
        return sale

    def service(self, sku):
        return self.env["product.product"].create(
            {
                "name": f"Service {sku}",
                "default_code": sku,
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [(6, 0, self.product.taxes_id.ids)],
            }
        )

    def refund(self, ref, line, amount):
        """Somebody refunds a line on eBay."""
        order = self.ebay.orders[ref]
        order["orderPaymentStatus"] = "PARTIALLY_REFUNDED"
        order["lineItems"][line]["refunds"] = [
            {"refundId": "5", "amount": {"value": amount, "currency": "EUR"}}
        ]


@tagged("post_install", "-at_install")
class TestRefundedLines(LinesCase):
    def setUp(self):
        super().setUp()
        self.stock(self.storable("SKU-2"), 100)

    def test_goodwill_holds_nothing_back(self):
        sale = self.buy("A-1", "SKU-2")
        self.leave(sale.picking_ids)
        self.refund("A-1", 1, "2.00")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 3)
        self.assertEqual(self.shipments(sale).state, "sent")

    def test_a_refunded_line_is_asked_about_and_the_rest_is_told(self):
        sale = self.buy("A-1", "SKU-2")
        picking = self.leave(sale.picking_ids, "T1")
        self.refund("A-1", 1, "5.00")
        self.send()
        [parcel] = self.ebay.parcels["A-1"]
        self.assertEqual(parcel["fulfillmentId"], "T1")
        self.assertEqual(self.ebay.told("A-1"), {"1A1": 2, "91": 0})
        told, held = self.shipments(sale)
        self.assertEqual((told.state, told.line_ids.quantity), ("sent", 2))
        self.assertEqual((held.state, held.reason), ("asking", "line_refunded"))
        [issue] = held._issues()
        self.assertIn("SKU-2", issue.summary)
        # nothing changes automatically, not even with another number
        picking.carrier_tracking_ref = "T2"
        self.send()
        self.send()
        self.assertEqual(held.state, "asking")
        self.assertEqual(self.ebay.told("A-1")["91"], 0)
        held.with_user(self.user).action_send()
        self.send()
        self.assertEqual(self.ebay.told("A-1")["91"], 1)
        self.assertEqual((held.state, issue.state), ("sent", "done"))

    def test_a_parcel_of_refunded_goods_is_asked_about(self):
        sale = self.order()
        self.leave(sale.picking_ids)
        self.refund("A-1", 0, "20.00")
        self.send()
        shipment = self.shipments(sale)
        self.assertEqual(shipment.reason, "line_refunded")
        self.assertFalse(self.ebay.parcels)
        shipment.with_user(self.user).action_drop()
        self.send()
        self.assertFalse(self.ebay.parcels)


@tagged("post_install", "-at_install")
class TestServices(LinesCase):
    def setUp(self):
        super().setUp()
        self.service("GIFT-WRAP")
        self.service("DOWNLOAD")

    def board(self, sale):
        self.env.flush_all()
        self.env.invalidate_all()
        Board = self.env["ebay.delivery"].with_user(self.user)
        return Board.search([("sale_order_id", "=", sale.id)])

    def test_a_service_is_told_with_the_first_parcel(self):
        sale = self.buy("A-1", "GIFT-WRAP")
        self.assertFalse(sale.ebay_awaits_handover)
        first = self.leave(sale.picking_ids, "T1", done=1)
        self.send()
        self.leave(sale.picking_ids - first, "T2")
        self.send()
        self.assertEqual(self.ebay.told("A-1"), {"1A1": 2, "91": 1})
        told = [len(one["lineItems"]) for one in self.ebay.parcels["A-1"]]
        self.assertEqual(told, [2, 1])
        self.assertEqual(self.ebay.orders["A-1"]["orderFulfillmentStatus"], "FULFILLED")

    def test_two_deliveries_at_once_carry_a_service_once(self):
        sale = self.buy("A-1", "GIFT-WRAP")
        first = self.leave(sale.picking_ids, False, done=1)
        self.leave(sale.picking_ids - first, False)
        self.send()
        counts = [len(one.line_ids) for one in self.shipments(sale)]
        self.assertEqual(counts, [2, 1])
        self.shipments(sale).with_user(self.user).action_send()
        self.send()
        self.assertEqual(self.ebay.told("A-1"), {"1A1": 2, "91": 1})

    def test_goods_whose_stock_is_not_kept_are_told_when_they_leave(self):
        self.storable("CONSUMABLE", is_storable=False)
        sale = self.buy("A-1", "CONSUMABLE", goods=False)
        self.assertFalse(sale.ebay_awaits_handover)
        self.leave(sale.picking_ids, "T1")
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 1)

    def test_a_service_follows_numbers_that_come_later(self):
        sale = self.buy("A-1", "GIFT-WRAP")
        picking = self.leave(sale.picking_ids, False)
        self.send()
        picking.carrier_tracking_ref = "T1, T2"
        self.send()
        self.assertEqual(self.ebay.told("A-1"), {"1A1": 2, "91": 1})
        self.assertEqual(len(self.ebay.parcels["A-1"]), 2)

    def test_downloads_wait_for_a_person(self):
        sale = self.buy("A-1", "DOWNLOAD", goods=False)
        self.send()
        self.assertFalse(self.ebay.parcels)
        row = self.board(sale)
        self.assertEqual(row.next_action, "handover")
        row.action_next()
        self.send()
        self.assertEqual(self.ebay.told("A-1").total(), 1)
        self.assertFalse(self.board(sale))
        with self.assertRaises(UserError):
            sale.with_user(self.user).action_ebay_handed_over()

    def test_downloads_are_told_at_once_by_rule(self):
        self.account.services_rule = "at_once"
        sale = self.buy("A-1", "DOWNLOAD", goods=False)
        goods = self.order("A-2")
        self.send()
        self.send()
        self.assertEqual(len(self.ebay.parcels["A-1"]), 1)
        self.assertEqual(self.shipments(sale).state, "sent")
        self.assertFalse(self.shipments(goods))

    def test_the_button_is_on_the_order_and_on_no_other(self):
        sale = self.buy("A-1", "DOWNLOAD", goods=False)
        self.assertTrue(sale.ebay_awaits_handover)
        self.assertFalse(self.order("A-2").ebay_awaits_handover)
        with Form(sale) as form:
            self.assertTrue(form.ebay_awaits_handover)
        sale.with_user(self.user).action_ebay_handed_over()
        self.assertEqual(self.shipments(sale).state, "ready")
