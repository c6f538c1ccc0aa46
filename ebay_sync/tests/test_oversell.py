"""What could sell a piece twice: goods promised, expired, elsewhere or missing."""

from datetime import datetime, timedelta, timezone

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.flows.stock_prices.stock_levels import StockLevels

from .orders import ebay_time
from .stock_case import StockCase


@tagged("post_install", "-at_install")
class TestOversell(StockCase):
    def setUp(self):
        super().setUp()
        self.mug = self.storable("MUG")
        self.stock(self.mug, 10)
        self.item = self.listing("MUG", 0, self.mug, "offer-mug")

    def shown(self, listing=None):
        self.push()
        return self.ebay.quantity((listing or self.item).listing_ref)

    def sold(self, quantity, sku="MUG", listing=None, **changes):
        """A sale on eBay that Odoo has fetched and, if it can, built."""
        self.later()
        ref = (listing or self.item).listing_ref
        self.ebay.sell(ref, sku, quantity, **changes)
        with mute_logger("odoo.addons.ebay_sync.flows.orders.orders_in"):
            self.run_flow("orders_in")

    # -- built, and nothing reserved -----------------------------------------------

    def test_what_is_sold_and_not_reserved_is_not_for_sale(self):
        self.assertEqual(self.shown(), 10)
        for method in ("manual", "by_date"):
            self.warehouse.out_type_id.reservation_method = method
            before = self.ebay.quantity(self.item.listing_ref)
            self.sold(3)
            sale = self.env["sale.order"].search([], order="id desc", limit=1)
            self.assertEqual(sale.state, "sale")
            if method == "manual":
                self.assertEqual(sale.picking_ids.move_ids.state, "confirmed")
            self.assertEqual(self.shown(), before - 3, method)

    def test_reserved_later_it_is_not_taken_off_twice(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        self.shown()
        self.sold(4)
        self.assertEqual(self.shown(), 6)
        picking = self.env["sale.order"].search([], limit=1).picking_ids
        picking.action_assign()
        self.assertEqual(self.shown(), 6)
        picking.button_validate()
        self.assertEqual(self.shown(), 6)

    def test_what_is_missing_is_taken_off_what_comes(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        self.shown()
        self.sold(8)
        self.stock(self.mug, -7)
        picking = self.env["sale.order"].search([], limit=1).picking_ids
        picking.action_assign()
        self.assertEqual(picking.move_ids.quantity, 3)
        self.stock(self.mug, 6)
        self.assertEqual(self.shown(), 1, "5 of the 6 are sold already")

    def test_a_delivery_in_two_steps_counts_once(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.warehouse.pick_type_id.reservation_method = "manual"
        self.shown()
        self.sold(4)
        sale = self.env["sale.order"].search([], limit=1)
        self.assertEqual(self.shown(), 6)
        pick = sale.picking_ids.filtered(
            lambda one: one.picking_type_id == self.warehouse.pick_type_id
        )
        pick.action_assign()
        self.assertEqual(self.shown(), 6)
        pick.button_validate()
        self.assertEqual(self.shown(), 6)
        (sale.picking_ids - pick).button_validate()
        self.assertEqual(self.shown(), 6)

    def test_goods_of_a_warehouse_that_does_not_ship(self):
        other = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        self.stock(self.mug, -10)
        self.env["stock.quant"]._update_available_quantity(
            self.mug, other.lot_stock_id, 10
        )
        self.assertEqual(self.shown(), 10, "all of the company's")
        self.sold(4)
        sale = self.env["sale.order"].search([], limit=1)
        self.assertEqual(sale.warehouse_id, self.warehouse)
        self.assertEqual(self.shown(), 6)

    def test_an_order_of_the_counter_counts_as_the_account_says(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Counter"}).id,
                "order_line": [
                    Command.create({"product_id": self.mug.id, "product_uom_qty": 4})
                ],
            }
        )
        self.warehouse.out_type_id.reservation_method = "manual"
        sale.action_confirm()
        self.assertEqual(self.shown(), 10, "free: it is not reserved")
        self.account.stock_source = "promised"
        self.assertEqual(self.shown(), 6)

    def test_every_source_takes_a_sale_off_once(self):
        for method in ("manual", "at_confirm"):
            for source in ("free", "promised", "forecast"):
                self.warehouse.out_type_id.reservation_method = method
                self.account.stock_source = source
                before = self.shown()
                self.sold(1)
                self.assertEqual(self.shown(), before - 1, f"{method}, {source}")

    # -- stored, and not built -------------------------------------------------------

    def test_a_blocked_order_holds_what_its_barcode_names(self):
        cup = self.storable("CUP", barcode="4006381333931")
        self.stock(cup, 10)
        item = self.listing("CUP", 0, cup, "offer-cup")
        self.shown()
        stranger = self.listing("4006381333931", 5, self.mug, "offer-x")
        stranger.product_id = False
        broken = {"value": "999.00", "currency": "EUR"}
        self.sold(2, "4006381333931", stranger, pricingSummary={"total": broken})
        order = self.env["ebay.order"].search([])
        self.assertEqual(order.state, "blocked")
        self.assertEqual(self.shown(item), 8)

    def test_a_blocked_order_that_is_cancelled_gives_back(self):
        self.shown()
        broken = {"value": "999.00", "currency": "EUR"}
        self.later()
        order = self.ebay.sell(
            self.item.listing_ref, "MUG", 4, pricingSummary={"total": broken}
        )
        with mute_logger("odoo.addons.ebay_sync.flows.orders.orders_in"):
            self.run_flow("orders_in")
            self.assertEqual(self.shown(), 6)
            for state, left in (("IN_PROGRESS", 6), ("CANCELED", 10)):
                order["cancelStatus"] = {"cancelState": state, "cancelRequests": []}
                self.ebay.fulfillment.show(order)
                self.later(seconds=0)
                self.run_flow("orders_in")
                self.assertEqual(self.shown(), left, state)

    def cancelled(self, order):
        """The order is cancelled on eBay, which shows its pieces again."""
        [line] = order["lineItems"]
        key = (line["legacyItemId"], line["sku"])
        self.ebay.things[key]["quantity"] += line["quantity"]
        order["cancelStatus"] = {"cancelState": "CANCELED", "cancelRequests": []}
        self.ebay.fulfillment.show(order)

    def test_what_ebay_shows_again_after_a_cancellation_is_taken_back(self):
        """The parcel was shipped: the shelf is as it was when the order came."""
        self.shown()
        self.sold(3)
        [order] = self.ebay.fulfillment.orders.values()
        delivery = self.env["sale.order"].search([], limit=1).picking_ids
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self.shown(), 7)
        long_ago = datetime.now(timezone.utc) - timedelta(hours=1)
        order["creationDate"] = ebay_time(long_ago)
        self.cancelled(order)
        self.run_flow("orders_in")
        self.assertEqual(self.shown(), 7)
        writes = self.ebay.writes
        self.later()
        self.assertEqual((self.shown(), self.ebay.writes), (7, writes))

    def test_an_order_that_comes_cancelled_was_no_sale(self):
        """Bought and cancelled between two runs; a counter sold as much meanwhile."""
        self.shown()
        self.later()
        self.cancelled(self.ebay.sell(self.item.listing_ref, "MUG", 3))
        self.stock(self.mug, -3)
        self.assertEqual(self.shown(), 7)

    def test_a_sale_within_seconds_of_the_answer(self):
        """The sale came last, and a return makes up for it: as if nothing was sold."""
        self.shown()
        self.ebay.sell(self.item.listing_ref, "MUG", 2)
        self.stock(self.mug, 2)
        self.run_flow("orders_in")
        self.assertEqual(self.shown(), 10)

    def test_an_order_with_a_new_number_was_sold_once(self):
        self.shown()
        self.sold(2, orderPaymentStatus="PENDING")
        [order] = self.ebay.fulfillment.orders.values()
        self.ebay.fulfillment.orders.clear()
        paid = {**order, "orderId": "22-00001-00001", "orderPaymentStatus": "PAID"}
        self.ebay.fulfillment.show(paid)
        self.run_flow("orders_in")
        self.assertEqual(self.sale("22-00001-00001").state, "sale")
        self.stock(self.mug, -2)  # at the counter
        self.assertEqual(self.shown(), 6)

    def test_an_order_of_the_companys_other_account_counts_too(self):
        other = self.account.copy({"name": "Second shop"})
        self.env["ebay.order"].create(
            {
                "account_id": other.id,
                "order_ref": "77-1",
                "state": "blocked",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": other.id,
                            "sku": "MUG",
                            "quantity": 3,
                            "ordered_at": datetime.now(),
                        }
                    )
                ],
            }
        )
        self.assertEqual(self.shown(), 7)

    def test_two_listings_share_one_shelf(self):
        second = self.listing("MUG2", 0, self.mug, "offer-2")
        third = self.listing("MUG3", 0, self.mug)
        self.shown()
        self.sold(3)
        self.shown()
        for listing in (self.item, second, third):
            self.assertEqual(self.ebay.quantity(listing.listing_ref), 7)
        self.stock(self.mug, -7)
        self.shown()
        for listing in (self.item, second, third):
            self.assertEqual(self.ebay.quantity(listing.listing_ref), 0)

    # -- what lies on the shelf ------------------------------------------------------

    def test_less_than_nothing_is_nothing(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        Quant = self.env["stock.quant"]
        Quant._update_available_quantity(self.mug, shelf, -4)
        self.assertEqual(self.shown(), 6, "delivered from the wrong shelf")
        Quant._update_available_quantity(self.mug, shelf, -16)
        self.assertEqual(self.shown(), 0)
        self.assertEqual(self.item.quantity_wanted, 0)

    def test_units_are_the_products(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        crate = self.storable("CRATE", uom_id=dozen.id)
        self.stock(crate, 2.5)
        item = self.listing("CRATE", 0, crate, "offer-crate")
        self.assertEqual(self.shown(item), 2)

    def test_lots_are_counted_together(self):
        wine = self.storable("WINE", tracking="lot")
        item = self.listing("WINE", 0, wine, "offer-wine")
        for name, quantity in (("L1", 3), ("L2", 4)):
            lot = self.env["stock.lot"].create({"name": name, "product_id": wine.id})
            self.env["stock.quant"]._update_available_quantity(
                wine, self.warehouse.lot_stock_id, quantity, lot_id=lot
            )
        self.assertEqual(self.shown(item), 7)

    def test_expired_lots_are_not_sold(self):
        if "use_expiration_date" not in self.env["product.product"]._fields:
            self.skipTest("Expiration dates are not installed")
        milk = self.storable("MILK", tracking="lot", use_expiration_date=True)
        item = self.listing("MILK", 0, milk, "offer-milk")
        for name, days, quantity in (("L1", -1, 3), ("L2", 9, 4)):
            moment = datetime.now() + timedelta(days=days)
            lot = self.env["stock.lot"].create(
                {
                    "name": name,
                    "product_id": milk.id,
                    "expiration_date": moment + timedelta(days=1),
                    "removal_date": moment,
                }
            )
            self.env["stock.quant"]._update_available_quantity(
                milk, self.warehouse.lot_stock_id, quantity, lot_id=lot
            )
        self.assertEqual(self.shown(item), 4)

    def test_consigned_goods_are_sold_as_odoo_reserves_them(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        self.env["stock.quant"]._update_available_quantity(
            self.mug, self.warehouse.lot_stock_id, 5, owner_id=owner
        )
        self.assertEqual(self.mug.free_qty, 15)
        self.assertEqual(self.shown(), 15)

    def test_a_kit_of_nothing_that_is_counted_is_left_alone(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        leaflet = self.storable("LEAFLET", is_storable=False)
        kit = self.storable("KIT", is_storable=False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": leaflet.id})],
            }
        )
        item = self.listing("KIT", 7, kit, "offer-kit")
        self.assertEqual(StockLevels(self.account).available(kit.id), (None, 0.0))
        self.assertEqual(self.shown(item), 7)

    # -- exceptions --------------------------------------------------------------------

    def exception(self, kind, amount=0.0, **target):
        return self.env["ebay.override"].create(
            {"account_id": self.account.id, "kind": kind, "amount": amount, **target}
        )

    def test_of_never_and_always_the_closer_one_holds(self):
        category = self.env["product.category"].create({"name": "Mugs"})
        self.mug.categ_id = category
        self.assertEqual(self.shown(), 10)
        self.exception("never", categ_id=category.id)
        self.stock(self.mug, 5)
        self.assertEqual(self.shown(), 10)
        self.exception("fixed", 2, product_id=self.mug.id)
        self.assertEqual(self.shown(), 2)
        self.exception("never", listing_id=self.item.id)
        self.exception("fixed", 1, categ_id=category.id)
        self.assertEqual(self.item.quantity_wanted, 2)
        self.assertEqual(self.shown(), 2)
        self.assertEqual(self.item.quantity_wanted, -1)

    def test_show_zero_shows_zero_whatever_was_excepted(self):
        self.exception("fixed", 3, listing_id=self.item.id)
        self.exception("fixed", 4, product_id=self.mug.id)
        self.assertEqual(self.shown(), 3)
        self.mug.active = False
        self.push()
        issue = self.env["ebay.issue"].search([("code", "=", "product_archived")])
        issue.action_fix()
        self.assertEqual(self.shown(), 0)
