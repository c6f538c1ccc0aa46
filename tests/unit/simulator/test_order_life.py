"""What buyers do: buy, pay, cancel, send back; and what listings notice."""

from __future__ import annotations

from decimal import Decimal

from simulator.listings import listings


def stock(shop, item_id):
    return sum(one.available for one in listings.units(shop.world.database, item_id))


def refused(shop, path, given):
    answer = shop.client.post(f"/_sim/{path}", json=given)
    assert answer.status_code in (400, 404, 409), answer.text
    return answer.json()["error"]


def test_the_same_seed_makes_the_same_orders(shop):
    first = [shop.order(one) for one in shop.sim("buy", {"count": 5})["orderIds"]]
    shop.sim("reset")
    shop.sim("clock", {"set": "2026-06-15T12:00:00.000Z", "freeze": True})
    shop.seller = shop.headers()
    second = [shop.order(one) for one in shop.sim("buy", {"count": 5})["orderIds"]]
    assert first == second


def test_buying_lowers_the_stock_and_refuses_what_is_not_there(shop):
    line = shop.order(shop.buy(lineCount=1))["lineItems"][0]
    item_id = line["legacyItemId"]
    wish = {"itemId": item_id, "variationId": line.get("legacyVariationId")}
    unit = listings.find_unit(
        listings.units(shop.world.database, item_id),
        variation_id=line.get("legacyVariationId"),
    )
    before = stock(shop, item_id)
    shop.buy(lines=[{**wish, "quantity": unit.available}])
    assert stock(shop, item_id) == before - unit.available
    error = refused(shop, "buy", {"lines": [{**wish, "quantity": 1}]})
    assert error.startswith("0 available")
    assert refused(shop, "buy", {"lines": [{"itemId": "1"}]})
    assert refused(shop, "buy", {"country": "XX"})


def test_a_refused_purchase_takes_nothing(shop):
    line = shop.order(shop.buy(lineCount=1))["lineItems"][0]
    item_id = line["legacyItemId"]
    one = {"itemId": item_id, "variationId": line.get("legacyVariationId")}
    before = stock(shop, item_id)
    greedy = {"lines": [{**one, "quantity": 1}, {**one, "quantity": 9999}]}
    refused(shop, "buy", greedy)
    assert stock(shop, item_id) == before


def test_buying_by_sku(shop):
    line = shop.order(shop.buy(lineCount=1, marketplace="EBAY_DE"))["lineItems"][0]
    order_id = shop.buy(lines=[{"sku": line["sku"], "quantity": 1}])
    found = shop.order(order_id)["lineItems"][0]
    assert found["sku"] == line["sku"]
    assert found["lineItemId"] != line["lineItemId"]


def test_paying_changes_the_order_id_and_keeps_the_lines(shop):
    unpaid = shop.buy(paid=False)
    before = shop.order(unpaid)
    assert before["orderPaymentStatus"] == "PENDING"
    payment = before["paymentSummary"]["payments"][0]
    assert payment["paymentStatus"] == "PENDING" and "paymentDate" not in payment
    shop.sim("clock", {"advance": 3600})
    after = shop.sim(f"orders/{unpaid}/pay")
    assert after["orderId"] != unpaid
    assert shop.get(f"/sell/fulfillment/v1/order/{unpaid}").status_code == 404
    paid = shop.order(after["orderId"])
    assert paid["orderPaymentStatus"] == "PAID"
    assert paid["lastModifiedDate"] == "2026-06-15T13:00:00.000Z"
    assert paid["creationDate"] == before["creationDate"]
    lines = [one["lineItemId"] for one in before["lineItems"]]
    assert [one["lineItemId"] for one in paid["lineItems"]] == lines
    assert shop.orders()["total"] == 1
    assert "PAID" in refused(shop, f"orders/{after['orderId']}/pay", {})


def test_immediate_payment_keeps_the_id(shop):
    unpaid = shop.buy(paid=False)
    assert shop.sim(f"orders/{unpaid}/pay", {"keepId": True})["orderId"] == unpaid


def test_an_accepted_cancellation_refunds_and_restocks(shop):
    order_id = shop.buy(lineCount=1)
    line = shop.order(order_id)["lineItems"][0]
    before = stock(shop, line["legacyItemId"])
    shop.sim(f"orders/{order_id}/cancel")
    assert shop.order(order_id)["orderPaymentStatus"] == "PAID"
    shop.sim(f"orders/{order_id}/cancel/answer", {"accept": True})
    order = shop.order(order_id)
    assert order["cancelStatus"]["cancelState"] == "CANCELED"
    request = order["cancelStatus"]["cancelRequests"][0]
    assert request["cancelRequestState"] == "COMPLETED"
    assert order["orderPaymentStatus"] == "FULLY_REFUNDED"
    refund = order["paymentSummary"]["refunds"][0]
    assert refund["amount"] == order["pricingSummary"]["total"]
    assert stock(shop, line["legacyItemId"]) == before + line["quantity"]
    assert refused(shop, f"orders/{order_id}/cancel", {})


def test_a_rejected_cancellation_changes_nothing(shop):
    order_id = shop.buy()
    shop.sim(f"orders/{order_id}/cancel", {"accept": False})
    order = shop.order(order_id)
    assert order["cancelStatus"]["cancelState"] == "NONE_REQUESTED"
    state = order["cancelStatus"]["cancelRequests"][0]["cancelRequestState"]
    assert state == "REJECTED"
    assert order["orderPaymentStatus"] == "PAID"


def test_the_seller_cancels_an_unpaid_order_without_refund(shop):
    order_id = shop.buy(paid=False)
    shop.sim(f"orders/{order_id}/cancel", {"by": "seller", "reason": "ORDER_UNPAID"})
    order = shop.order(order_id)
    assert order["cancelStatus"]["cancelState"] == "CANCELED"
    assert order["paymentSummary"]["refunds"] == []
    initiator = order["cancelStatus"]["cancelRequests"][0]["cancelInitiator"]
    assert initiator == "Seller"
    assert "cancelled" in refused(shop, f"orders/{order_id}/pay", {})


def test_a_return_with_refund(shop):
    order_id = shop.buy(lineCount=1, discount="0", shipping="0")
    line = shop.order(order_id)["lineItems"][0]
    found = shop.sim(f"orders/{order_id}/return", {"quantity": 1, "refund": True})
    assert found["state"] == "CLOSED"
    shop.sim("clock", {"advance": 10})
    refund = shop.order(order_id)["lineItems"][0]["refunds"][0]
    share = Decimal(line["lineItemCost"]["value"]) / line["quantity"]
    assert Decimal(refund["amount"]["value"]) == share
    assert "were bought" in refused(shop, f"orders/{order_id}/return", {"quantity": 99})


def test_loaded_orders_are_returned_exactly(shop):
    document = {
        "orderId": "07-12345-67890",
        "creationDate": "2026-01-02T03:04:05.000Z",
        "lastModifiedDate": "2026-06-01T00:00:00.000Z",
        "sellerId": "sim_seller",
        "buyer": {
            "username": "old_friend",
            "buyerRegistrationAddress": {"fullName": "Zoë", "email": "z@x.test"},
        },
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "fulfillmentHrefs": ["https://api.ebay.com/elsewhere"],
        "lineItems": [{"lineItemId": "1", "quantity": 2, "somethingNew": [1, {}]}],
        "unknownField": {"deep": [None, 1.5, "ü"]},
    }
    assert shop.sim("orders", document) == {"orderIds": ["07-12345-67890"]}
    assert shop.order("07-12345-67890") == document
    window = "lastmodifieddate:[2026-05-01T00:00:00Z..]"
    assert shop.orders(filter=window)["orders"] == [document]
    changed = {**document, "lastModifiedDate": "2026-06-02T00:00:00.000Z"}
    shop.sim("orders", [changed])
    assert shop.orders(filter=window)["total"] == 1
    shop.sim("orders", {"orders": [changed], "ages": True})
    assert "fullName" not in str(shop.order("07-12345-67890"))


def test_what_is_no_order_is_not_loaded(shop):
    good = {
        "orderId": "1",
        "creationDate": "2026-06-01T00:00:00Z",
        "lastModifiedDate": "2026-06-01T00:00:00Z",
    }
    assert "orderId" in refused(shop, "orders", [good, {"x": 1}])
    late = {**good, "creationDate": "soon"}
    assert "creationDate" in refused(shop, "orders", late)
    assert shop.look("orders")["total"] == 0


def test_a_loaded_order_can_take_stock(shop):
    line = shop.order(shop.buy(lineCount=1))["lineItems"][0]
    before = stock(shop, line["legacyItemId"])
    document = {
        "orderId": "1",
        "creationDate": "2026-06-01T00:00:00Z",
        "lastModifiedDate": "2026-06-01T00:00:00Z",
        "lineItems": [{**line, "quantity": 1}, {"legacyItemId": "unknown"}],
    }
    shop.sim("orders", {"orders": [document], "takeStock": True})
    assert stock(shop, line["legacyItemId"]) == before - 1


def test_the_seller_edits_an_order_on_ebay(shop):
    order_id = shop.buy()
    shop.sim("clock", {"advance": 60})
    shop.client.patch(
        f"/_sim/orders/{order_id}", json={"buyerCheckoutNotes": "changed"}
    )
    order = shop.order(order_id)
    assert order["buyerCheckoutNotes"] == "changed"
    assert order["lastModifiedDate"] == "2026-06-15T12:01:00.000Z"


def test_the_list_of_all_orders(shop):
    order_id = shop.buy()
    shop.sim(f"orders/{order_id}/ship", {})
    listed = shop.look("orders", seller="sim_seller")
    assert listed["total"] == 1
    entry = listed["orders"][0]
    assert entry["orderFulfillmentStatus"] == "FULFILLED"
    assert entry["total"] == shop.order(order_id)["pricingSummary"]["total"]
    assert shop.look("orders", seller="sim_other_seller")["total"] == 0


def test_orders_can_be_spread_over_time(shop):
    shop.sim("buy", {"count": 4, "spread": 4 * 3600})
    created = [one["creationDate"][11:16] for one in shop.orders()["orders"]]
    assert created == ["08:00", "09:00", "10:00", "11:00"]
