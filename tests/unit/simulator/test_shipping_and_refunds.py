"""Parcels and money back."""

from __future__ import annotations

from decimal import Decimal

import pytest

ORDER = "/sell/fulfillment/v1/order"


@pytest.fixture
def order(shop):
    """A paid order of two lines, the first of at least two pieces."""
    shelf = shop.world.database.execute(
        "SELECT unit_now.item_id, variation_id FROM unit_now JOIN listing"
        " USING (item_id) WHERE status = 'ACTIVE' AND marketplace = 'EBAY_DE'"
        " AND available > 2 AND listing.seller = 'sim_seller'"
        " GROUP BY item_id ORDER BY item_id LIMIT 2"
    ).fetchall()
    lines = [
        {"itemId": item_id, "variationId": variation, "quantity": quantity}
        for (item_id, variation), quantity in zip(shelf, (3, 1), strict=True)
    ]
    return shop.order(shop.buy(lines=lines, country="DE", discount="0"))


def send(shop, order, lines, **more):
    path = f"{ORDER}/{order['orderId']}/shipping_fulfillment"
    return shop.post(path, {"lineItems": lines, **more})


def line_ids(order):
    return [line["lineItemId"] for line in order["lineItems"]]


def tracked(number):
    return {"shippingCarrierCode": "DHL", "trackingNumber": number}


def error_of(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def test_a_parcel_has_its_tracking_number_as_id(shop, order):
    lines = [{"lineItemId": one} for one in line_ids(order)]
    lines[0]["quantity"] = 3
    answer = send(shop, order, lines, **tracked("JJD000390007"))
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert location.endswith("/shipping_fulfillment/JJD000390007")
    parcel = shop.client.get(location, headers=shop.seller).json()
    assert parcel["shipmentTrackingNumber"] == "JJD000390007"
    assert parcel["shippingCarrierCode"] == "DHL"
    assert parcel["shippedDate"] == "2026-06-15T12:00:00.000Z"
    assert parcel["lineItems"][1] == {"lineItemId": line_ids(order)[1], "quantity": 1}
    after = shop.order(order["orderId"])
    assert after["orderFulfillmentStatus"] == "FULFILLED"
    assert after["fulfillmentHrefs"] == [location]


def test_partial_parcels_move_the_states(shop, order):
    first, second = line_ids(order)
    send(shop, order, [{"lineItemId": first, "quantity": 2}], **tracked("A1"))
    after = shop.order(order["orderId"])
    states = [one["lineItemFulfillmentStatus"] for one in after["lineItems"]]
    assert states == ["IN_PROGRESS", "NOT_STARTED"]
    assert after["orderFulfillmentStatus"] == "IN_PROGRESS"
    rest = [{"lineItemId": first, "quantity": 1}, {"lineItemId": second}]
    send(shop, order, rest, **tracked("A2"))
    assert shop.order(order["orderId"])["orderFulfillmentStatus"] == "FULFILLED"
    path = f"{ORDER}/{order['orderId']}/shipping_fulfillment"
    assert shop.get(path).json()["total"] == 2


def test_no_parcels_is_an_empty_list(shop, order):
    path = f"{ORDER}/{order['orderId']}/shipping_fulfillment"
    assert shop.get(path).json() == {"fulfillments": [], "total": 0}
    missing = shop.get(path + "/X1")
    assert error_of(missing) == (404, 32110)


def test_without_tracking_the_id_is_a_number(shop, order):
    first, second = line_ids(order)
    ids = [
        send(shop, order, [{"lineItemId": one}]).headers["Location"].rsplit("/")[-1]
        for one in (first, second)
    ]
    assert ids == ["999", "1000"]


def test_sending_twice_is_not_prevented(shop, order):
    lines = [{"lineItemId": line_ids(order)[1], "quantity": 1}]
    for number in ("A1", "A2"):
        assert send(shop, order, lines, **tracked(number)).status_code == 201
    path = f"{ORDER}/{order['orderId']}/shipping_fulfillment"
    assert shop.get(path).json()["total"] == 2
    assert send(shop, order, lines, **tracked("A2")).status_code == 201
    assert shop.get(path).json()["total"] == 2


@pytest.mark.parametrize(
    ("more", "error_id"),
    [
        ({"trackingNumber": "A1"}, 32300),
        ({"shippingCarrierCode": "DHL"}, 32300),
        (tracked("JJD 0003-9"), 32300),
        (tracked("A1") | {"shippedDate": "2026-06-16T00:00:00Z"}, 32500),
        (tracked("A1") | {"shippedDate": "yesterday"}, 32500),
    ],
)
def test_wrong_parcels(shop, order, more, error_id):
    lines = [{"lineItemId": line_ids(order)[0], "quantity": 1}]
    assert error_of(send(shop, order, lines, **more)) == (400, error_id)
    assert shop.order(order["orderId"])["orderFulfillmentStatus"] == "NOT_STARTED"


def test_wrong_lines(shop, order):
    first = line_ids(order)[0]
    for lines, error_id in (
        ([], 32600),
        (["x"], 32600),
        ([{"lineItemId": "404"}], 32200),
        ([{"lineItemId": first}, {"lineItemId": first}], 32210),
        ([{"lineItemId": first, "quantity": 4}], 32600),
        ([{"lineItemId": first, "quantity": 0}], 32600),
        ([{"lineItemId": first, "quantity": "1"}], 32600),
    ):
        assert error_of(send(shop, order, lines)) == (400, error_id)


def test_an_unknown_order_is_32100(shop, order):
    other = {"orderId": "00-00000-00000"}
    assert error_of(send(shop, other, [])) == (400, 32100)


def test_whether_shipping_moves_the_order_is_a_choice(shop, order):
    shop.sim("behaviour", {"shippingTouchesOrder": False})
    shop.sim("clock", {"advance": 60})
    shop.sim(f"orders/{order['orderId']}/ship", tracked("A1"))
    after = shop.order(order["orderId"])
    assert after["lastModifiedDate"] == order["lastModifiedDate"]
    assert after["orderFulfillmentStatus"] == "FULFILLED"


class TestRefunds:
    """issueRefund; the seller here need not sign (see test_signatures)."""

    @pytest.fixture(autouse=True)
    def unsigned(self, shop):
        shop.sim("behaviour", {"requireSignatures": False})

    def refund(self, shop, order, **request):
        path = f"{ORDER}/{order['orderId']}/issue_refund"
        return shop.post(path, {"reasonForRefund": "BUYER_RETURN", **request})

    def whole(self, order):
        return {"orderLevelRefundAmount": order["pricingSummary"]["total"]}

    def test_a_refund_is_pending_then_done(self, shop, order):
        started = self.refund(shop, order, **self.whole(order))
        assert started.status_code == 200
        assert started.json()["refundStatus"] == "PENDING"
        refund = shop.order(order["orderId"])["paymentSummary"]["refunds"][0]
        assert refund["refundId"] == started.json()["refundId"]
        assert refund["refundStatus"] == "PENDING" and "refundDate" not in refund
        again = self.refund(shop, order, **self.whole(order))
        assert error_of(again) == (400, 34922)
        shop.sim("clock", {"advance": 5})
        after = shop.order(order["orderId"])
        assert after["orderPaymentStatus"] == "FULLY_REFUNDED"
        assert after["paymentSummary"]["refunds"][0]["refundStatus"] == "REFUNDED"
        again = self.refund(shop, order, **self.whole(order))
        assert error_of(again) == (400, 34917)

    def test_a_line_refund_stands_on_the_line(self, shop, order):
        line = order["lineItems"][1]
        item = {
            "lineItemId": line["lineItemId"],
            "refundAmount": {"value": "1.00", "currency": "EUR"},
        }
        refund_id = self.refund(shop, order, refundItems=[item]).json()["refundId"]
        second = self.refund(shop, order, refundItems=[item])
        assert error_of(second) == (400, 34922)
        shop.sim("clock", {"advance": 5})
        after = shop.order(order["orderId"])
        assert after["lineItems"][1]["refunds"][0]["refundId"] == refund_id
        assert after["paymentSummary"]["refunds"] == []
        assert after["orderPaymentStatus"] == "PARTIALLY_REFUNDED"
        due = after["paymentSummary"]["totalDueSeller"]["value"]
        before = order["paymentSummary"]["totalDueSeller"]["value"]
        assert Decimal(before) - Decimal(due) == 1

    def test_a_refund_can_fail_later(self, shop, order):
        shop.sim("behaviour", {"refundOutcome": "FAILED"})
        self.refund(shop, order, **self.whole(order))
        shop.sim("clock", {"advance": 5})
        after = shop.order(order["orderId"])
        assert after["paymentSummary"]["refunds"][0]["refundStatus"] == "FAILED"
        assert after["orderPaymentStatus"] == "PAID"
        assert self.refund(shop, order, **self.whole(order)).status_code == 200

    @pytest.mark.parametrize(
        ("request_", "status", "error_id"),
        [
            ({}, 400, 34905),
            ({"orderLevelRefundAmount": {"currency": "EUR"}}, 400, 34906),
            (
                {"orderLevelRefundAmount": {"value": "-1", "currency": "EUR"}},
                400,
                34907,
            ),
            (
                {"orderLevelRefundAmount": {"value": "NaN", "currency": "EUR"}},
                400,
                34907,
            ),
            (
                {"orderLevelRefundAmount": {"value": "1.001", "currency": "EUR"}},
                400,
                34907,
            ),
            ({"orderLevelRefundAmount": {"value": "1"}}, 400, 34908),
            ({"orderLevelRefundAmount": {"value": "1", "currency": "USD"}}, 400, 34909),
            ({"refundItems": [{"refundAmount": {}}]}, 400, 34910),
            ({"refundItems": [{"lineItemId": "404"}]}, 400, 34914),
            (
                {"orderLevelRefundAmount": {"value": "99999", "currency": "EUR"}},
                400,
                34915,
            ),
        ],
    )
    def test_refused_refunds(self, shop, order, request_, status, error_id):
        assert error_of(self.refund(shop, order, **request_)) == (status, error_id)

    def test_more_refusals(self, shop, order):
        whole = self.whole(order)
        assert error_of(
            self.refund(shop, order, reasonForRefund="SELLER_WRONG_ITEM", **whole)
        ) == (400, 2004)
        assert error_of(self.refund(shop, order, reasonForRefund=None, **whole)) == (
            400,
            34903,
        )
        assert error_of(self.refund(shop, order, comment="x" * 1001, **whole)) == (
            400,
            34921,
        )
        unpaid = shop.order(shop.buy(paid=False))
        assert error_of(self.refund(shop, unpaid, **self.whole(unpaid))) == (409, 34929)
        nowhere = {"orderId": "00-00000-00000"}
        assert error_of(self.refund(shop, nowhere, **whole)) == (404, 34913)
        item = {
            "lineItemId": order["lineItems"][1]["lineItemId"],
            "refundAmount": order["pricingSummary"]["total"],
        }
        too_much = self.refund(shop, order, refundItems=[item])
        assert error_of(too_much) == (409, 34924)
