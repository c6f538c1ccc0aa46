"""The clerk of a shop: sees the deliveries of an order, and sends them off."""

from __future__ import annotations

from typing import Any

from ..tooling.paths import Problem
from .shop import Shop

QUIET = {"skip_sms": True}


def use_method(shop: Shop, name: str) -> int:
    """A delivery method of this name, made if there is none; returns its id."""
    call = shop.person.call
    found = call("delivery.carrier", "search", [("name", "=", name)], limit=1)
    if found:
        return found[0]
    product = call("product.product", "create", {"name": name, "type": "service"})
    values = {"name": name, "product_id": product, "delivery_type": "fixed"}
    return call("delivery.carrier", "create", values)


def open_deliveries(shop: Shop, order_refs: list[str]) -> list[dict[str, Any]]:
    """Deliveries of these eBay orders that can leave, oldest first."""
    return shop.person.call(
        "stock.picking",
        "search_read",
        [
            ("sale_id.ebay_order_ref", "in", order_refs),
            ("state", "=", "assigned"),
            ("picking_type_code", "=", "outgoing"),
        ],
        ["name", "sale_id", "move_ids"],
        order="id",
    )


def send_off(
    shop: Shop,
    picking_id: int,
    tracking: str,
    method: int | None = None,
    pieces: int | None = None,
) -> None:
    """Validate a delivery with this tracking number ("" for none), whole or in part.

    Pieces are taken from its first move; a backorder is made of the rest.
    """
    call = shop.person.call
    values: dict[str, Any] = {"carrier_tracking_ref": tracking or False}
    if method:
        values["carrier_id"] = method
    call("stock.picking", "write", [picking_id], values)
    if pieces is not None:
        moves = call("stock.move", "search", [("picking_id", "=", picking_id)])
        call("stock.move", "write", moves[:1], {"quantity": pieces, "picked": True})
    context = {**QUIET, "skip_backorder": True}
    told = call("stock.picking", "button_validate", [picking_id], context=context)
    [picking] = call("stock.picking", "read", [picking_id], ["name", "state"])
    if picking["state"] != "done":
        raise Problem(f"{picking['name']} could not be validated: {told}")


def read_in(shop: Shop, language: str) -> None:
    """Have the administrator read Odoo in another language, such as ``pl_PL``."""
    person = shop.person
    domain = [("code", "=", language)]
    [found] = person.call("res.lang", "search", domain, context={"active_test": False})
    wizard = {"lang_ids": [(6, 0, [found])], "overwrite": True}
    wizard = person.call("base.language.install", "create", wizard)
    person.call("base.language.install", "lang_install", [wizard])
    [admin] = person.call("res.users", "search", [("login", "=", "admin")])
    person.call("res.users", "write", [admin], {"lang": language})
