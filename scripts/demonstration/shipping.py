"""Deliveries leave, eBay gets tracking once; a label bought on eBay comes back."""

from __future__ import annotations

from typing import Any

from ..stage.clerk import open_deliveries, send_off, use_method
from ..stage.shop import Shop, wait_for
from ..tooling.paths import Problem
from .report import Report

LOST = {"fault": "lost_response", "operation": "createShippingFulfillment", "times": 1}


def play(shop: Shop, report: Report) -> None:
    """Ship, lose an answer, correct a number, ship on eBay."""
    method = use_method(shop, "DHL Paket")
    shop.person.call("ebay.account", "write", [shop.account_id], {"mode": "live"})
    refs = [order["orderId"] for order in shop.ebay.look("orders")["orders"]]
    waiting = open_deliveries(shop, refs)
    if len(waiting) < 3:
        raise Problem("There are not enough deliveries to send.")
    first, second, third = waiting[:3]
    with report.step("Validate a delivery: the buyer gets tracking") as step:
        send_off(shop, first["id"], "0034 0434 1610 9402 1501", method)
        shop.run_now("shipments_out")
        [parcel] = _on_ebay(shop, first)
        step["result"] = (
            f"eBay has {parcel['shippingCarrierCode']} "
            f"{parcel['shipmentTrackingNumber']}."
        )
    with report.step("Lose eBay's answer, and send nothing twice") as step:
        shop.ebay.control("faults", **LOST)
        send_off(shop, second["id"], "JJD000390007788001122", method)
        shop.run_now("shipments_out")
        _let_time_pass(shop)
        shop.run_now("shipments_out")
        if len(_on_ebay(shop, second)) != 1:
            raise Problem("eBay does not have exactly one parcel.")
        step["result"] = f"One parcel on eBay, and Odoo knows: {_state(shop, second)}."
    with report.step("Correct a tracking number in Odoo") as step:
        values = {"carrier_tracking_ref": "00340434161094021999"}
        shop.person.call("stock.picking", "write", [first["id"]], values)
        shop.run_now("shipments_out")
        [parcel] = _on_ebay(shop, first)
        if parcel["shipmentTrackingNumber"] != "00340434161094021999":
            raise Problem("The corrected number did not reach eBay.")
        step["result"] = f"eBay has {parcel['shipmentTrackingNumber']}."
    with report.step("Ship an order on eBay's own pages") as step:
        shop.ebay.control(
            f"orders/{_ref(shop, third)}/ship",
            trackingNumber="1Z999AA10123456784",
            shippingCarrierCode="UPS",
        )
        _read_again(shop, _ref(shop, third))
        shop.run_now("shipments_out")
        [picking] = shop.person.call(
            "stock.picking", "read", [third["id"]], ["carrier_tracking_ref"]
        )
        if picking["carrier_tracking_ref"] != "1Z999AA10123456784":
            raise Problem("The tracking number did not come to the delivery.")
        step["result"] = f"{third['name']} has {picking['carrier_tracking_ref']}."
    with report.step("Run again") as step:
        log = shop.run_now("shipments_out")
        if log["created_count"] or log["updated_count"]:
            raise Problem("A run in which nothing was new changed something.")
        step["result"] = f"Nothing changed; {log['request_count']} request(s)."


def _ref(shop: Shop, picking: dict[str, Any]) -> str:
    [sale] = shop.person.call(
        "sale.order", "read", [picking["sale_id"][0]], ["ebay_order_ref"]
    )
    return sale["ebay_order_ref"]


def _on_ebay(shop: Shop, picking: dict[str, Any]) -> list[dict[str, Any]]:
    return shop.ebay.look(f"orders/{_ref(shop, picking)}")["fulfillments"]


def _state(shop: Shop, picking: dict[str, Any]) -> str:
    [row] = shop.person.call(
        "ebay.shipment", "search_read", [("picking_id", "=", picking["id"])], ["state"]
    )
    return row["state"]


def _let_time_pass(shop: Shop) -> None:
    """The minute that eBay is given to finish what was not answered."""
    shop.odoo.sql("UPDATE ebay_shipment SET next_try_at = '2020-01-01'")


def _read_again(shop: Shop, order_ref: str) -> None:
    """The button of the stored order: read it from eBay at once."""
    call = shop.person.call
    stored = call("ebay.order", "search", [("order_ref", "=", order_ref)])
    call("ebay.order", "action_fetch_again", stored)
    shipped = [("ebay_order_ref", "=", order_ref), ("ebay_shipped_key", "!=", False)]
    wait_for(
        lambda: call("sale.order", "search", shipped), "the order to be read again"
    )
