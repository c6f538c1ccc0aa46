"""What must hold: eBay's books against Odoo's, worked out simply and by another way."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from odoo.addons.ebay_sync.flows.orders.odoo_facts import reading_of
from odoo.addons.ebay_sync.flows.stock_prices.push import ListingPush

from .shop import SELLER, DayShop

OPEN = ("waiting", "confirmed", "assigned", "partially_available")
DOCUMENTS = (
    *("ebay_order", "sale_order", "sale_order_line", "stock_picking", "stock_move"),
    *("stock_quant", "res_partner", "ebay_listing", "ebay_shipment", "ebay_issue"),
    *("ebay_notification", "product_product", "ebay_override", "ebay_push_feed"),
)
WRITES = (
    *("createShippingFulfillment", "CompleteSale", "bulkUpdatePriceQuantity"),
    *("ReviseInventoryStatus", "createTask", "uploadFile", "EndFixedPriceItem"),
    *("withdrawOffer", "withdrawOfferByInventoryItemGroup"),
)
UNSENT = "NOT_STARTED"
# What eBay has sold so lately need not be known here when something is pushed.
UNKNOWN_FOR = timedelta(seconds=60)


class Books:
    """Complaints about a shop; none when all is well."""

    def __init__(self, shop: DayShop) -> None:
        self.shop = shop
        self.broken: list[str] = []
        self.pushes = 0

    # -- at rest -------------------------------------------------------------------

    def complaints(self) -> list[str]:
        """Everything that is not as it must be once the flows have come to rest."""
        with self.shop.at_work() as env:
            orders = self.orders()
            return [
                *self.order_complaints(env, orders),
                *self.stock_complaints(env, orders),
                *self.parcel_complaints(env, orders),
                *self.address_complaints(env),
                *self.silence(env),
            ]

    def orders(self) -> dict[str, dict[str, Any]]:
        """Every order on eBay by its number."""
        return {one["orderId"]: one for one in self.shop.ebay.look("orders")["orders"]}

    def order_complaints(self, env: Any, orders: dict[str, Any]) -> list[str]:
        """Each order once, to the cent; cancelled where it is cancelled."""
        told = []
        stored = Counter(env["ebay.order"].search([]).mapped("order_ref"))
        sold = env["sale.order"].search([("ebay_account_id", "!=", False)])
        # those that were paid as one with others stand for nothing on eBay any more
        sold -= sold.filtered(
            lambda one: (
                one.state == "cancel"
                and (
                    one.ebay_order_id.state == "ignored"
                    or not one.ebay_order_id.is_open
                    and one.ebay_order_ref not in orders
                )
            )
        )
        count = Counter(sold.mapped("ebay_order_ref"))
        told += [f"{ref}: {n} sale orders" for ref, n in count.items() if n > 1]
        told += [f"{ref}: sale order of nothing" for ref in count.keys() - orders]
        for ref, order in orders.items():
            if stored[ref] != 1:
                told.append(f"{ref} is stored {stored[ref]} times")
                continue
            row = env["ebay.order"].search([("order_ref", "=", ref)])
            sale = sold.filtered(lambda one, ref=ref: one.ebay_order_ref == ref)
            told += [f"{ref}: {text}" for text in _wrong(row, sale[:1], order)]
        return told

    def stock_complaints(self, env: Any, orders: dict[str, Any]) -> list[str]:
        """eBay shows what the rule makes of the shelf, at the price of the list."""
        told = []
        waiting = self.waiting(env, orders)
        for listing, item, unit in self.managed(env):
            if unit is None or item["status"] == "ENDED":
                told.append(f"{listing.listing_ref} {listing.sku} has ended on eBay")
                continue
            right = self.right(listing, waiting)
            if right is not None and unit["quantity"] != right:
                if not _asked(env, listing, "stock_out"):
                    told.append(
                        f"{listing.listing_ref} {listing.sku}: eBay shows "
                        f"{unit['quantity']}, not {right} ({_facts(listing)})"
                    )
            price = Decimal(str(round(listing.product_id.list_price, 2)))
            if listing.price_master == "odoo" and Decimal(unit["price"]) != price:
                if not _asked(env, listing, "prices_out") and not _price_exception(
                    env, listing
                ):
                    told.append(
                        f"{listing.listing_ref} {listing.sku}: {unit['price']} is "
                        f"not {price} ({_facts(listing)})"
                    )
        return told

    def parcel_complaints(self, env: Any, orders: dict[str, Any]) -> list[str]:
        """Each parcel with a number is reported once; no piece is reported twice."""
        told = []
        for row in env["ebay.shipment"].search([]):
            asks = row.state == "asking" and row._issues().filtered(_is_open)
            rests = row.state in ("sent", "dropped") or (
                row.state == "waiting" and not row.tracking_number
            )
            if not (rests or asks):
                told.append(f"parcel {row.id} of {row.order_ref} is {row.state}")
        for ref, order in orders.items():
            numbers = Counter(
                one.get("shipmentTrackingNumber") for one in order["fulfillments"]
            )
            del numbers[None]
            told += [f"{ref}: {one} twice" for one, n in numbers.items() if n > 1]
            told += self._unheard(env, ref, order, set(numbers))
        return told

    def _unheard(self, env: Any, ref: str, order: dict, numbers: set) -> list[str]:
        sale = env["sale.order"].search([("ebay_order_ref", "=", ref)])
        left = sale.picking_ids.filtered(
            lambda one: (
                one.state == "done"
                and one.picking_type_code == "outgoing"
                and one.carrier_tracking_ref
            )
        )
        told = []
        for picking in left:
            rows = picking.ebay_shipment_ids
            asked = rows._issues().filtered(_is_open) or "dropped" in rows.mapped(
                "state"
            )
            typed = {one.strip() for one in picking.carrier_tracking_ref.split(",")}
            if not typed & numbers and not asked:
                told.append(
                    f"{ref}: {picking.name} {picking.carrier_tracking_ref} is not "
                    f"reported ({numbers}, {rows.mapped('state')})"
                )
        return told

    def address_complaints(self, env: Any) -> list[str]:
        """What may leave goes where eBay says, unless somebody is asked or decided."""
        told = []
        places = {}
        for one in self.shop.ebay.look("orders")["orders"]:
            ref = one["orderId"]
            order = self.shop.ebay.look(f"orders/{ref}")["order"]
            steps = order.get("fulfillmentStartInstructions") or [{}]
            contact = steps[0].get("shippingStep", {}).get("shipTo", {})
            places[ref] = contact.get("contactAddress", {}).get("postalCode")
        for row in env["ebay.order"].search([("state", "=", "imported")]):
            sale, place = row.sale_order_id, places.get(row.order_ref)
            open_ones = sale.picking_ids.filtered(lambda one: one.state in OPEN)
            decided = "?" in (row.applied or {}).get("odoo", {}).values()
            asked = row.issue_ids.filtered(_is_open)
            if not place or not open_ones or decided or asked:
                continue
            for picking in open_ones:
                if picking.partner_id.zip != place:
                    told.append(
                        f"{row.order_ref}: {picking.name} goes to "
                        f"{picking.partner_id.zip}, not {place}"
                    )
        return told

    def silence(self, env: Any) -> list[str]:
        """Nothing runs for ever; what waits says why."""
        told = []
        running = env["ebay.sync.log"].search([("state", "=", "running")])
        told += [f"log {one.flow} runs for ever" for one in running]
        for row in env["ebay.order"].search([("state", "in", ("pending", "blocked"))]):
            if not (row.wanted_at or row.issue_ids.filtered(_is_open)):
                told.append(f"{row.order_ref} is {row.state} and nobody is asked")
        account = self.shop.account(env)
        if account.state != "connected":
            told.append(f"the account is {account.state}")
        late = env["ebay.notification"].search([("state", "=", "new")])
        return told + [f"push {one.notification_ref} waits" for one in late]

    # -- the shelf -----------------------------------------------------------------

    def managed(self, env: Any) -> list[tuple[Any, Any, Any]]:
        """Listings whose quantity is Odoo's to say, with eBay's item and unit."""
        items = {
            one["itemId"]: one
            for one in self.shop.ebay.look("listings", seller=SELLER, limit=500)[
                "listings"
            ]
        }
        rows = env["ebay.listing"].search(
            [("product_id", "!=", False), ("stock_master", "=", "odoo")]
        )
        return [
            (row, items[row.listing_ref], _unit(row, items[row.listing_ref]))
            for row in rows
            if not row.ignored
        ]

    def waiting(
        self, env: Any, orders: dict[str, Any], until: datetime | None = None
    ) -> dict[int, float]:
        """Pieces by product id that eBay has sold and nobody has reserved."""
        taken: dict[int, float] = defaultdict(float)
        for ref, order in orders.items():
            made = datetime.fromisoformat(order["creationDate"].rstrip("Z"))
            if until is None or made < until:
                for product_id, pieces in _waits(env, ref, order, until is None):
                    taken[product_id] += pieces
        return taken

    def right(self, listing: Any, waiting: dict[int, float]) -> int | None:
        """What eBay should show; None where it is left alone."""
        env, account = listing.env, listing.account_id
        own = {
            one.kind: one.amount
            for target in (("product_id", listing.product_id), ("listing_id", listing))
            for one in env["ebay.override"].search([(target[0], "=", target[1].id)])
        }
        close = env["ebay.override"].search([("listing_id", "=", listing.id)])
        if "never" in own and "fixed" not in close.mapped("kind"):
            if "never" in close.mapped("kind") or "fixed" not in own:
                return None
        if "fixed" in own:
            return int(own["fixed"])
        free = _available(listing, account)
        free -= waiting.get(listing.product_id.id, 0)
        free *= own.get("share", account.stock_share) / 100
        free -= own.get("buffer", account.stock_buffer)
        cap = own.get("cap", account.stock_cap or None)
        shown = max(math.floor(free + 1e-6), 0)
        return shown if cap is None else min(shown, int(cap))

    # -- while it runs -------------------------------------------------------------

    def watch_pushes(self) -> None:
        """Complain of every push of more than is free by then, as far as eBay's
        orders can be known."""
        books, send = self, ListingPush.send

        def watched(self: ListingPush, changes: list[Any]) -> None:
            books.look_at(self.env, changes)
            send(self, changes)

        ListingPush.send = watched

    def look_at(self, env: Any, changes: list[Any]) -> None:
        """See ``watch_pushes``."""
        env = env(user=1)
        known = self.waiting(env, self.orders(), self.shop.clock.now() - UNKNOWN_FOR)
        for change in changes:
            if change.quantity is None:
                continue
            self.pushes += 1
            listing = env["ebay.listing"].browse(change.listing_id)
            right = self.right(listing, known)
            if right is not None and change.quantity < listing.quantity:
                # while eBay's orders cannot be read, less is shown and never more
                right = max(right, self.right(listing, self.read(env, listing)))
            if right is None or change.quantity > right:
                self.broken.append(
                    f"pushed {change.quantity} of {listing.sku}, not {right} "
                    f"({_facts(listing)}, waiting {dict(known)})"
                )

    def read(self, env: Any, listing: Any) -> dict[int, float]:
        """What waits of the orders that Odoo has read."""
        until = listing.account_id.orders_read_until_at
        return self.waiting(env, self.orders(), until)

    # -- once more -----------------------------------------------------------------

    def fingerprint(self) -> dict[tuple[str, int], dict[str, Any]]:
        """Every document, and the transaction that wrote it last."""
        found = {}
        with self.shop.at_work() as env:
            for table in DOCUMENTS:
                env.cr.execute(
                    f"SELECT id, to_jsonb(t) || jsonb_build_object('written', "
                    f"xmin::text) FROM {table} t"
                )
                found |= {(table, one): row for one, row in env.cr.fetchall()}
        return found

    def writes_since(self, number: int) -> list[str]:
        """What was written to eBay behind a number of the journal."""
        entries = self.shop.ebay.look("journal", after=number, limit=1000)["entries"]
        return [one["operation"] for one in entries if one["operation"] in WRITES]


def _is_open(issue: Any) -> bool:
    return issue.state == "open"


def _wrong(row: Any, sale: Any, order: dict[str, Any]) -> list[str]:
    """What is wrong with one order."""
    asked = row.issue_ids.filtered(_is_open)
    if row.state != "imported":
        if not (asked or row.state == "ignored"):
            return [f"{row.state}: {row.message}"]
        return []
    if not sale:
        return ["no sale order"]
    if sale.state == "cancel":
        return []  # whatever was missing in it
    told = [] if asked or _is_a_clerks(row, sale) else _counted(sale, order)
    cancelled = order["cancelState"] == "CANCELED"
    if cancelled and sale.state != "cancel" and not asked:
        told.append(f"cancelled on eBay, {sale.state} here")
    if order["orderPaymentStatus"] == "PAID" and sale.state == "draft" and not asked:
        if order["cancelState"] == "NONE_REQUESTED":
            told.append("paid, and still a quotation")
    return told


def _counted(sale: Any, order: dict[str, Any]) -> list[str]:
    """Lines and total of an order that nobody has touched, against eBay's.

    What eBay refunded as a whole line before it was sent is not sent and not paid.
    """
    given_back = {
        one["lineItemId"]
        for one in order["lineItems"]
        if one["refunded"] and one["status"] == "NOT_STARTED"
    }
    if len(given_back) == len(order["lineItems"]):
        given_back = set()
    told = []
    total = Decimal(order["total"]["value"]) - sum(
        (
            Decimal(one["paid"])
            for one in order["lineItems"]
            if one["lineItemId"] in given_back
        ),
        Decimal(),
    )
    if round(Decimal(sale.amount_total), 2) != total:
        told.append(f"{sale.amount_total} is not {total} ({sale.state})")
    pieces = {
        one["lineItemId"]: one["quantity"]
        for one in order["lineItems"]
        if one["lineItemId"] not in given_back
    }
    lines = {
        line.ebay_line_ref: line.product_uom_qty
        for line in sale.order_line.filtered("ebay_line_ref")
        if line.product_uom_qty
    }
    if lines != pieces:
        told.append(f"lines {lines}, not {pieces}")
    return told


def _is_a_clerks(row: Any, sale: Any) -> bool:
    """Whether somebody has changed here what eBay says: it stays as it is."""
    applied = row.applied or {"ebay": {}, "odoo": {}}
    readings = reading_of(sale)
    return any(readings.get(key) != value for key, value in applied["odoo"].items())


def _waits(
    env: Any, ref: str, order: dict[str, Any], at_rest: bool
) -> list[tuple[int, float]]:
    """(product id, pieces) that one order will still take from what is free.

    Not ``at_rest``, Odoo need not know yet what eBay has just changed.
    """
    refs = [line["lineItemId"] for line in order["lineItems"]]
    lines = env["sale.order.line"].search([("ebay_line_ref", "in", refs)])
    # a quotation that was paid as one with others has the same lines, cancelled
    sales = lines.order_id.filtered(lambda one: one.ebay_order_id.state != "ignored")
    sale = sales[:1]
    lines = lines.filtered(lambda line: line.order_id == sale)
    if sale.state in ("sale", "cancel"):
        return _unreserved(sale)
    row = env["ebay.order"].search([("order_ref", "=", ref)])
    if (
        order["cancelState"] == "CANCELED"
        or order["orderPaymentStatus"] in ("FAILED", "FULLY_REFUNDED")
        or row.state == "ignored"
    ):
        return []
    if not sale:
        pairs = [(_product(env, one), one["quantity"]) for one in order["lineItems"]]
        return [(product.id, pieces) for product, pieces in pairs if product]
    taken: Counter[int] = Counter()
    for one in _due(order):
        line = lines.filtered(
            lambda own, ref=one["lineItemId"]: own.ebay_line_ref == ref
        )
        if line and not at_rest:
            taken[line.product_id.id] += min(line.product_uom_qty, one["quantity"])
        elif product := line.product_id or _product(env, one):
            taken[product.id] += one["quantity"] if at_rest else 0
    if sale.ebay_account_id.stock_source == "free":
        for move in sale.ebay_hold_picking_id.move_ids:
            if move.state in OPEN:
                taken[move.product_id.id] -= move.quantity
    return list(taken.items())


def _due(order: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines that are to be sent: not those given back in full before."""
    lines = order["lineItems"]
    due = [one for one in lines if not (one["refunded"] and one["status"] == UNSENT)]
    return due or lines


def _unreserved(sale: Any) -> list[tuple[int, float]]:
    if sale.state == "cancel" or sale.ebay_account_id.stock_source != "free":
        return []
    return [
        (move.product_id.id, move.product_uom_qty - move.quantity)
        for move in sale.picking_ids.move_ids
        if move.state in OPEN and move.location_dest_id.usage == "customer"
    ]


def _product(env: Any, line: dict[str, Any]) -> Any:
    """What a line of an order that is not built yet is about."""
    rows = env["ebay.listing"].with_context(active_test=False)
    rows = rows.search([("listing_ref", "=", line["legacyItemId"])])
    same = rows.filtered(lambda row: row.sku == (line["sku"] or False))
    if not same and len(rows) == 1:  # its SKU was changed after the sale
        same = rows
    return same.product_id or env["product.product"].search(
        [("default_code", "=", line["sku"] or "-")], limit=1
    )


def _unit(row: Any, item: dict[str, Any]) -> dict[str, Any] | None:
    units = item["units"]
    if len(units) == 1:
        return units[0]
    return next((one for one in units if one["sku"] == (row.sku or None)), None)


def _available(listing: Any, account: Any) -> float:
    warehouse = listing.env["stock.warehouse"].search([], limit=1)
    product = listing.product_id.with_context(location=warehouse.view_location_id.id)
    product.invalidate_recordset()
    if account.stock_source == "free":
        return product.free_qty
    if account.stock_source == "forecast":
        return product.virtual_available
    return product.qty_available - product.outgoing_qty


def _asked(env: Any, listing: Any, flow: str) -> bool:
    """Whether the inbox asks something about a listing, or about a whole run."""
    if env["ebay.held.push"]._waiting(listing.account_id, flow):
        return True
    return bool(
        env["ebay.issue"].search_count(
            [
                ("state", "=", "open"),
                ("res_model", "=", "ebay.listing"),
                ("res_id", "=", listing.id),
            ]
        )
    )


def _price_exception(env: Any, listing: Any) -> bool:
    domain = [("about", "=", "price"), ("listing_id", "=", listing.id)]
    return bool(env["ebay.override"].search_count(domain))


def _facts(listing: Any) -> str:
    product = listing.product_id
    return (
        f"on hand {product.qty_available}, free {product.free_qty}, wanted "
        f"{listing.quantity_wanted}, acked {listing.quantity_acked}, seen "
        f"{listing.quantity}, refused {listing.quantity_refused}, unsettled "
        f"{listing.quantity_unsettled}, {listing.push_error}, price wanted "
        f"{listing.price_wanted}, acked {listing.price_acked}, seen {listing.price}"
    )
