"""What people in the shop do in Odoo: the warehouse, the counter, the back office."""

from __future__ import annotations

import itertools
from typing import Any

from .shop import DayShop
from .steps import step

_numbers = itertools.count(1)


def one(shop: DayShop, records: Any) -> Any:
    """One of the records, or none of none."""
    records = records.sorted("id")
    return records.browse(shop.dice.choice(records.ids)) if records else records


def ours(env: Any, archived: bool = False) -> Any:
    """The products that are for sale."""
    domain = [("default_code", "!=", False), ("is_storable", "=", True)]
    found = env["product.product"].with_context(active_test=not archived)
    return found.search(domain)


def shelf(env: Any) -> Any:
    """Where goods lie."""
    return env["stock.warehouse"].search([], limit=1).lot_stock_id


# -- deliveries --------------------------------------------------------------------


def deliveries(env: Any, *states: str) -> Any:
    """Deliveries to customers in one of these states."""
    domain = [("picking_type_code", "=", "outgoing"), ("state", "in", states)]
    return env["stock.picking"].search(domain)


@step(8)
def delivers(shop: DayShop) -> object:
    """All that is there, or a part; the rest follows, or never."""
    with shop.at_work() as env:
        picking = one(shop, deliveries(env, "assigned"))
        if not picking:
            return None
        if shop.dice.random() < 0.8:
            picking.carrier_tracking_ref = f"TRACK{shop.dice.randrange(10**9):09d}"
        for move in picking.move_ids:
            full = shop.dice.random() < 0.7
            move.quantity = (
                move.quantity if full else shop.dice.randint(0, int(move.quantity))
            )
            move.picked = True
        if not sum(picking.move_ids.mapped("quantity")):
            return picking.name, "nothing"
        rest = shop.dice.random() < 0.7
        never = {} if rest else {"picking_ids_not_to_backorder": picking.ids}
        picking.with_context(skip_backorder=True, **never).button_validate()
        return picking.name, picking.sale_id.ebay_order_ref, rest


@step(2)
def types_a_number(shop: DayShop) -> object:
    """The tracking number comes, or is corrected, after the goods have left."""
    with shop.at_work() as env:
        picking = one(shop, deliveries(env, "done").filtered("sale_id"))
        if not picking:
            return None
        picking.carrier_tracking_ref = f"LATER{shop.dice.randrange(10**9):09d}"
        return picking.name, picking.sale_id.ebay_order_ref


@step(1)
def cancels_a_delivery(shop: DayShop) -> object:
    """The goods stay here."""
    with shop.at_work() as env:
        picking = one(shop, deliveries(env, "assigned", "confirmed"))
        picking.action_cancel()
        return picking.name, picking.sale_id.ebay_order_ref


@step(2)
def reserves(shop: DayShop) -> object:
    """Again, what is missing; or lets go what is reserved."""
    with shop.at_work() as env:
        picking = one(shop, deliveries(env, "assigned", "confirmed"))
        if not picking:
            return None
        act = shop.dice.choice(("action_assign", "do_unreserve"))
        getattr(picking, act)()
        return picking.name, picking.sale_id.ebay_order_ref, act


@step(3)
def takes_back(shop: DayShop) -> object:
    """A customer returns some of what was delivered."""
    with shop.at_work() as env:
        picking = one(shop, deliveries(env, "done"))
        if not picking:
            return None
        wizard = env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            left = line.move_id.quantity - sum(
                line.move_id.returned_move_ids.mapped("quantity")
            )
            line.quantity = shop.dice.randint(0, max(int(left), 0))
        if not sum(wizard.product_return_moves.mapped("quantity")):
            return picking.name, "nothing"
        back = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        if shop.dice.random() < 0.8:
            for move in back.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            back.button_validate()
        return picking.name, back.name, back.state


# -- the shelf ---------------------------------------------------------------------


@step(5)
def counts(shop: DayShop) -> object:
    """The shelf is counted: more or less than Odoo thought."""
    with shop.at_work() as env:
        product = one(shop, ours(env))
        quantity = shop.dice.randint(0, 12)
        values = {
            "product_id": product.id,
            "location_id": shelf(env).id,
            "inventory_quantity": quantity,
        }
        quants = env["stock.quant"].with_context(inventory_mode=True)
        quants.create(values).action_apply_inventory()
        return product.default_code, quantity


@step(4)
def receives(shop: DayShop) -> object:
    """A purchase comes in."""
    with shop.at_work() as env:
        product = one(shop, ours(env))
        kind = env["stock.warehouse"].search([], limit=1).in_type_id
        supplier = env.ref("stock.stock_location_suppliers")
        quantity = shop.dice.randint(1, 9)
        receipt = env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": supplier.id,
                "location_dest_id": shelf(env).id,
                "move_ids": [
                    (0, 0, move_of(env, product, quantity, supplier, shelf(env)))
                ],
            }
        )
        receipt.action_confirm()
        if shop.dice.random() < 0.7:
            receipt.move_ids.quantity = quantity
            receipt.move_ids.picked = True
            receipt.button_validate()
        return product.default_code, quantity, receipt.state


def move_of(env: Any, product: Any, quantity: int, source: Any, target: Any) -> dict:
    """The values of a move; only 18.0 wants a name."""
    values = {
        "product_id": product.id,
        "product_uom_qty": quantity,
        "location_id": source.id,
        "location_dest_id": target.id,
    }
    if "name" in env["stock.move"]._fields:
        values["name"] = product.name
    return values


@step(2)
def scraps(shop: DayShop) -> object:
    """Something fell down."""
    with shop.at_work() as env:
        product = one(shop, ours(env))
        values = {"product_id": product.id, "scrap_qty": 1}
        scrap = env["stock.scrap"].create(values)
        if scrap.check_available_qty():
            scrap.do_scrap()
        return product.default_code, scrap.state


# -- the counter -------------------------------------------------------------------


@step(5)
def sells_at_the_counter(shop: DayShop) -> object:
    """Another sale order, also of more than there is."""
    with shop.at_work() as env:
        product = one(shop, ours(env))
        quantity = shop.dice.randint(1, 4)
        guest = env["res.partner"].search([("name", "=", "Counter")], limit=1)
        guest = guest or guest.create({"name": "Counter"})
        order = env["sale.order"].create(
            {
                "partner_id": guest.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
                ],
            }
        )
        order.action_confirm()
        return product.default_code, quantity, order.name


def sales(env: Any, *states: str) -> Any:
    """Sale orders in one of these states."""
    return env["sale.order"].search([("state", "in", states)])


@step(2)
def cancels_a_sale(shop: DayShop) -> object:
    """Of the counter, or of eBay."""
    with shop.at_work() as env:
        order = one(shop, sales(env, "draft", "sale"))
        if not order:
            return None
        if order.locked:
            order.action_unlock()
        order._action_cancel()
        return order.name, order.ebay_order_ref


@step(1)
def confirms_a_quotation(shop: DayShop) -> object:
    """By hand, paid or not."""
    with shop.at_work() as env:
        order = one(shop, sales(env, "draft"))
        order.action_confirm()
        return order.name, order.ebay_order_ref


@step(1)
def sends_a_quotation(shop: DayShop) -> object:
    """To the buyer who has not paid yet."""
    with shop.at_work() as env:
        order = one(shop, sales(env, "draft"))
        order.action_quotation_sent()
        return order.name, order.ebay_order_ref


@step(1)
def changes_a_line(shop: DayShop) -> object:
    """Another price or quantity by agreement, or another product instead."""
    with shop.at_work() as env:
        lines = sales(env, "draft", "sent", "sale").order_line
        line = one(shop, lines.filtered("ebay_line_ref"))
        if not line:
            return None
        what = shop.dice.choice(("price", "quantity", "product"))
        if what == "price":
            line.price_unit += 1
        elif what == "quantity":
            line.product_uom_qty = shop.dice.randint(0, 3)
        elif line.state in ("draft", "sent"):
            line.product_id = one(shop, ours(env))
        return line.order_id.ebay_order_ref, what


@step(2)
def prints_a_list(shop: DayShop) -> object:
    """Picking begins."""
    with shop.at_work() as env:
        picking = one(shop, deliveries(env, "assigned"))
        picking.printed = True
        return picking.name, picking.sale_id.ebay_order_ref


@step(3)
def answers_the_inbox(shop: DayShop) -> object:
    """About what eBay and Odoo say differently."""
    with shop.at_work() as env:
        entry = one(
            shop,
            env["ebay.issue"].search(
                [
                    ("state", "=", "open"),
                    ("code", "in", ("order_changed", "order_changed_held")),
                ]
            ),
        )
        if not entry:
            return None
        act = shop.dice.choice(("action_take_ebays", "action_keep_ours"))
        getattr(entry, act)()
        return entry.order_id.order_ref, act


# -- the back office ---------------------------------------------------------------


@step(1)
def renames_a_sku(shop: DayShop) -> object:
    """The internal reference of a product is another one from now on."""
    with shop.at_work() as env:
        product = one(shop, ours(env))
        old, new = product.default_code, f"NEW-{shop.dice.randrange(10**6)}"
        product.default_code = new
        return old, new


@step(1)
def archives_or_not(shop: DayShop) -> object:
    """A product goes from the list, or comes back."""
    with shop.at_work() as env:
        product = one(shop, ours(env, archived=True))
        product.active = not product.active
        return product.default_code, product.active


@step(2)
def links(shop: DayShop) -> object:
    """Another product, none, the same again; eBay's or Odoo's stock."""
    with shop.at_work() as env:
        listing = one(shop, env["ebay.listing"].search([]))
        if not listing:
            return None
        what = shop.dice.choice(("unlink", "again", "other", "odoo", "odoo", "nobody"))
        if what == "unlink":
            listing.action_unlink_product()
        elif what == "again":
            listing.action_look_again()
        elif what == "other":
            listing.product_id = one(shop, ours(env))
        else:
            listing.write({"stock_master": what, "price_master": what})
        return listing.display_name, what


@step(2)
def makes_an_exception(shop: DayShop) -> object:
    """For a listing or a product; or takes one back."""
    with shop.at_work() as env:
        account = shop.account(env)
        there = env["ebay.override"].search([("about", "=", "stock")])
        if there and shop.dice.random() < 0.5:
            gone = one(shop, there)
            told = gone.kind, gone.amount, "gone"
            gone.unlink()
            return told
        kind, amount = shop.dice.choice(
            [("buffer", 2), ("cap", 3), ("share", 50), ("fixed", 4), ("never", 0)]
        )
        listing = one(shop, env["ebay.listing"].search([("product_id", "!=", False)]))
        if not listing:
            return None
        target = {"listing_id": listing.id}
        if shop.dice.random() < 0.5:
            target = {"product_id": listing.product_id.id}
        values = {"account_id": account.id, "kind": kind, "amount": amount}
        env["ebay.override"].create({**values, **target})
        return kind, amount, listing.display_name, list(target)


@step(2)
def changes_a_rule(shop: DayShop) -> object:
    """The account's rules for stock, orders and parcels."""
    values = shop.dice.choice(
        (
            {"stock_buffer": shop.dice.choice((0, 1))},
            {"stock_cap": shop.dice.choice((0, 5))},
            {"stock_share": shop.dice.choice((100, 60))},
            {"stock_source": shop.dice.choice(("free", "promised", "forecast"))},
            {"stock_conflict_rule": shop.dice.choice(("odoo", "ebay", "ask"))},
            {"price_conflict_rule": shop.dice.choice(("odoo", "ebay", "ask"))},
            {"feed_from": shop.dice.choice((0, 2))},
            {"hold_days": shop.dice.choice((0, 2))},
            {"confirm_rule": shop.dice.choice(("paid", "always"))},
            {"untracked_rule": shop.dice.choice(("wait", "at_once", "hours"))},
            {"shipped_on_ebay_rule": shop.dice.choice(("note", "validate"))},
        )
    )
    with shop.at_work() as env:
        shop.account(env).write(values)
    return values


@step(2)
def changes_a_price(shop: DayShop) -> object:
    """Some per cent up or down."""
    with shop.at_work() as env:
        product = one(shop, ours(env))
        product.list_price = round(product.list_price * shop.dice.uniform(0.9, 1.1), 2)
        return product.default_code, product.list_price
