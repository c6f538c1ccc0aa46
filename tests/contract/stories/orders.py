"""The Fulfillment API: orders are read, shipped, refunded, cancelled."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from contract.simulation import Simulation
from ebay_api.client import EbayClient
from simulator.orders.build import KINDS
from simulator.orders.people import COUNTRIES

from .frame import refused, rows, story


@story
def fulfillment(client: EbayClient, shop: Simulation) -> None:
    """Orders in every state are read; one is shipped in parts, one refunded."""
    orders = client.fulfillment
    ids = shop.control("buy", count=5)["orderIds"]
    ids += shop.control("buy", lineCount=2)["orderIds"]
    ids += shop.control("buy", paid=False)["orderIds"]
    for kind in KINDS:
        ids += shop.control("buy", kind=kind)["orderIds"]
    for country in COUNTRIES:
        ids += shop.control("buy", country=country)["orderIds"]
    since = datetime.now(timezone.utc) - timedelta(days=1)
    assert len(rows(orders.order_pages(modified_from=since, limit=2), "orders")) >= 7
    rows(orders.order_pages(created_from=since, tax_breakdown=True), "orders")
    orders.get_orders(
        modified_from=since,
        modified_to=datetime.now(timezone.utc),
        fulfillment_status="NOT_STARTED|IN_PROGRESS",
        limit=3,
    )
    orders.get_orders_by_id(ids[:3])
    orders.get_orders_by_id(["99-99999-99999"])
    _ship(client, ids[5])
    _refund(client, ids[0])
    _cancel(client, shop, ids[1])
    shop.control(f"orders/{ids[2]}/refund")
    shop.control(f"orders/{ids[3]}/ship")
    shop.control(f"orders/{ids[3]}/return")
    for order_id in ids:
        orders.get_order(order_id)
        orders.get_order(order_id, tax_breakdown=True)
    refused(lambda: orders.get_order("99-99999-99999"))
    refused(lambda: orders.get_orders(modified_from=since, limit=201))
    refused(lambda: orders.get_orders(modified_from=since + timedelta(days=9)))
    rows(orders.order_pages(modified_from=since), "orders")


def _ship(client: EbayClient, order_id: str) -> None:
    orders = client.fulfillment
    lines = orders.get_order(order_id)["lineItems"]
    parcel = {
        "lineItems": [{"lineItemId": lines[0]["lineItemId"], "quantity": 1}],
        "shippedDate": "2026-11-01T10:20:30.000Z",
        "shippingCarrierCode": "DHL",
        "trackingNumber": "00340434161094021501",
    }
    assert orders.get_shipping_fulfillments(order_id)["total"] == 0
    made = orders.create_shipping_fulfillment(order_id, parcel).created_id
    orders.get_shipping_fulfillment(order_id, made)
    rest = [{"lineItemId": line["lineItemId"], "quantity": 1} for line in lines]
    orders.create_shipping_fulfillment(order_id, {"lineItems": rest})
    assert orders.get_shipping_fulfillments(order_id)["total"] == 2
    refused(lambda: orders.get_shipping_fulfillment(order_id, "1"))
    wrong = {"lineItems": [{"lineItemId": "1", "quantity": 1}]}
    refused(lambda: orders.create_shipping_fulfillment(order_id, wrong))
    half = {**parcel, "trackingNumber": "12 34-"}
    refused(lambda: orders.create_shipping_fulfillment(order_id, half))
    refused(lambda: orders.create_shipping_fulfillment("99-99999-99999", parcel))


def _refund(client: EbayClient, order_id: str) -> None:
    line = client.fulfillment.get_order(order_id)["lineItems"][0]
    amount = {"value": "1.00", "currency": line["lineItemCost"]["currency"]}
    client.fulfillment.issue_refund(
        order_id,
        {
            "reasonForRefund": "BUYER_RETURN",
            "comment": "a scratch",
            "refundItems": [{"lineItemId": line["lineItemId"], "refundAmount": amount}],
        },
    )
    too_much = {**amount, "value": "100000.00"}
    refused(
        lambda: client.fulfillment.issue_refund(
            order_id,
            {"reasonForRefund": "OTHER_ADJUSTMENT", "orderLevelRefundAmount": too_much},
        )
    )


def _cancel(client: EbayClient, shop: Simulation, order_id: str) -> None:
    shop.control(f"orders/{order_id}/cancel")
    order = client.fulfillment.get_order(order_id)
    assert order["cancelStatus"]["cancelRequests"]
    shop.control(f"orders/{order_id}/cancel/answer")
