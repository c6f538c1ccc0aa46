"""Orders change after they were made."""

from __future__ import annotations

from decimal import Decimal

from simulator.listings import listings


def total(order):
    return Decimal(order["pricingSummary"]["total"]["value"])


def parts(order):
    """What the lines add up to."""
    return sum(Decimal(line["total"]["value"]) for line in order["lineItems"])


def change(shop, order_id, what, **given):
    return shop.sim(f"orders/{order_id}/{what}", given)


def some_unit(shop):
    """An item id and a unit with at least five pieces, without variations."""
    for line in (
        line
        for one in shop.sim("buy", {"count": 20, "lineCount": 1})["orderIds"]
        for line in shop.order(one)["lineItems"]
    ):
        units = listings.units(shop.world.database, line["legacyItemId"])
        if len(units) == 1 and units[0].available >= 5:
            return line["legacyItemId"]
    raise AssertionError("nothing with five pieces")


def stock(shop, item_id):
    return listings.units(shop.world.database, item_id)[0].available


def test_the_buyer_chooses_another_address_and_service(shop):
    order_id = shop.buy(country="DE", buyer=1, shipping="8.00")
    before = shop.order(order_id)
    change(shop, order_id, "address", country="PL", number=7)
    change(shop, order_id, "service", service="DE_Express", cost="4.00")
    after = shop.order(order_id)
    step = after["fulfillmentStartInstructions"][0]["shippingStep"]
    assert step["shipTo"]["contactAddress"]["countryCode"] == "PL"
    assert step["shippingServiceCode"] == "DE_Express"
    assert total(before) - total(after) == 4
    assert total(after) == parts(after)


def test_quantities_lines_and_stock(shop):
    item_id = some_unit(shop)
    first = shop.buy(lines=[{"itemId": item_id, "quantity": 1}], discount="0")
    here = stock(shop, item_id)
    one = total(shop.order(first))
    price = Decimal(shop.order(first)["lineItems"][0]["lineItemCost"]["value"])
    change(shop, first, "quantity", line=0, quantity=3)
    assert stock(shop, item_id) == here - 2
    assert total(shop.order(first)) == one + 2 * price
    change(shop, first, "lines", itemId=item_id, quantity=1)
    assert len(shop.order(first)["lineItems"]) == 2
    assert total(shop.order(first)) == parts(shop.order(first)) == one + 3 * price
    change(shop, first, "drop", line=1)
    assert stock(shop, item_id) == here - 2
    change(shop, first, "refund-line", line=0)
    order = shop.order(first)
    assert order["orderPaymentStatus"] == "FULLY_REFUNDED"
    assert (
        order["lineItems"][0]["refunds"][0]["amount"]
        == (order["lineItems"][0]["lineItemCost"])
    )


def test_two_unpaid_orders_are_paid_as_one(shop):
    ids = [shop.buy(country="DE", buyer=3, paid=False) for _ in range(2)]
    lines = [line for one in ids for line in shop.order(one)["lineItems"]]
    whole = sum(total(shop.order(one)) for one in ids)
    paid = shop.sim("combine", {"orderIds": ids})
    order = shop.order(paid["orderId"])
    assert order["orderPaymentStatus"] == "PAID"
    assert [one["lineItemId"] for one in order["lineItems"]] == [
        one["lineItemId"] for one in lines
    ]
    assert total(order) == whole
    assert not {one["orderId"] for one in shop.look("orders")["orders"]} & {*ids}


def test_a_buyer_with_another_name_and_a_line_with_another_sku(shop):
    ids = [shop.buy(country="DE", buyer=3) for _ in range(2)]
    change(shop, ids[0], "rename-buyer", username="somebody_else")
    change(shop, ids[0], "sku", line=0, sku="NEW-1")
    change(shop, ids[0], "note", text="Ring twice")
    for order_id in ids:
        assert shop.order(order_id)["buyer"]["username"] == "somebody_else"
    assert shop.order(ids[0])["lineItems"][0]["sku"] == "NEW-1"
    assert shop.order(ids[0])["buyerCheckoutNotes"] == "Ring twice"


def test_what_has_left_does_not_change(shop):
    order_id = shop.buy()
    shop.sim(f"orders/{order_id}/ship", {})
    for what in ("address", "quantity", "drop", "refund-line"):
        answer = shop.client.post(
            f"/_sim/orders/{order_id}/{what}", json={"line": 0, "quantity": 2}
        )
        assert answer.status_code == 409, (what, answer.text)
