"""Compares eBay's books with Odoo's: what must hold after whatever happened."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from scripts.stage.shop import Shop

ORDER_FIELDS = ("name", "state", "amount_total", "ebay_order_ref", "order_line")

CHANGED = "SELECT '{0}', id, write_date FROM {0} ORDER BY id"
DOCUMENTS = ("ebay_order", "sale_order", "sale_order_line", "stock_picking")
DOCUMENTS += ("stock_move", "res_partner", "ebay_issue")


def complaints(shop: Shop) -> list[str]:
    """Everything that is not as it must be, as sentences; nothing when all is well.

    Every order on eBay is one stored order; every paid one is one confirmed sale
    order with eBay's own total, all of its lines, and a delivery of all pieces.
    """
    on_ebay = {order["orderId"]: order for order in shop.ebay.look("orders")["orders"]}
    return [
        *_stored(shop, on_ebay),
        *_built(shop, on_ebay),
        *_whole(shop, on_ebay),
    ]


def state_of_documents(shop: Shop) -> str:
    """Every document with the time of its last change."""
    return "\n".join(shop.odoo.sql(CHANGED.format(table)) for table in DOCUMENTS)


def _stored(shop: Shop, on_ebay: dict[str, Any]) -> list[str]:
    rows = _rows(shop, "SELECT order_ref, state, message FROM ebay_order")
    stored = Counter(order_ref for order_ref, *_rest in rows)
    former = {
        order_ref for order_ref, state, _message in rows if state == "ignored"
    } - set(on_ebay)  # the numbers of before they were paid
    told = [
        f"{one} is stored {count} times" for one, count in stored.items() if count > 1
    ]
    told += [f"{one} is not stored" for one in on_ebay.keys() - stored.keys()]
    told += [
        f"{one} is stored, and eBay never had it"
        for one in stored.keys() - on_ebay.keys() - former
    ]
    return told + [
        f"{order_ref} is {state}: {message}"
        for order_ref, state, message in rows
        if state in ("pending", "blocked")
    ]


def _built(shop: Shop, on_ebay: dict[str, Any]) -> list[str]:
    domain = [("ebay_account_id", "=", shop.account_id)]
    sales = shop.person.call("sale.order", "search_read", domain, ORDER_FIELDS)
    count = Counter(sale["ebay_order_ref"] for sale in sales)
    told = [
        f"{one} is {times} sale orders" for one, times in count.items() if times > 1
    ]
    told += [f"{one} became no sale order" for one in on_ebay.keys() - count.keys()]
    told += [
        f"{one} is a sale order of nothing" for one in count.keys() - on_ebay.keys()
    ]
    for sale in sales:
        order = on_ebay.get(sale["ebay_order_ref"])
        if order is None:
            continue
        expected = _expected_state(order)
        if sale["state"] != expected:
            told.append(f"{order['orderId']} is {sale['state']}, not {expected}")
        total = Decimal(order["total"]["value"])
        if round(Decimal(sale["amount_total"]), 2) != total:
            told.append(f"{order['orderId']}: {sale['amount_total']} is not {total}")
    return told


def _expected_state(order: dict[str, Any]) -> str:
    if order["cancelState"] == "CANCELED":
        return "cancel"
    return "sale" if order["orderPaymentStatus"] == "PAID" else "draft"


def _whole(shop: Shop, on_ebay: dict[str, Any]) -> list[str]:
    """Lines and deliveries: none missing, none twice, none too small."""
    lines = _rows(
        shop,
        "SELECT o.ebay_order_ref, l.ebay_line_ref, l.product_uom_qty::int, "
        "COALESCE((SELECT sum(m.product_uom_qty)::int FROM stock_move m "
        "WHERE m.sale_line_id = l.id AND m.state != 'cancel'), 0) "
        "FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id "
        "WHERE l.ebay_line_ref IS NOT NULL",
    )
    found: dict[str, list[tuple[str, int, int]]] = {}
    for order_ref, line_ref, quantity, moved in lines:
        facts = (line_ref, int(quantity), int(moved))
        found.setdefault(order_ref, []).append(facts)
    told = []
    for order_ref, order in on_ebay.items():
        leaves = _expected_state(order) == "sale"
        expected = sorted(
            (line["lineItemId"], line["quantity"], line["quantity"] if leaves else 0)
            for line in order["lineItems"]
        )
        if sorted(found.get(order_ref, [])) != expected:
            told.append(f"{order_ref}: {found.get(order_ref)} is not {expected}")
    return told


def _rows(shop: Shop, statement: str) -> list[list[str]]:
    return [line.split("|", 3) for line in shop.odoo.sql(statement).splitlines()]
