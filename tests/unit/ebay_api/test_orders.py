"""Fulfillment: filters, paging, tokens in the middle of paging, writing."""

from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from ebay_api.errors import (
    AuthError,
    ContractError,
    Forbidden,
    InvalidArgument,
    WritesRefused,
)

ORDERS = "https://ebay.test/sell/fulfillment/v1/order"
START = datetime(2026, 11, 20, 10, 0, tzinfo=timezone.utc)
END = START + timedelta(hours=1, milliseconds=250)


def sent(ebay, number=0):
    """The query of a request, decoded."""
    url = ebay.calls[number].request.url
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def page(numbers, total, following=None):
    document = {"total": total, "orders": [{"orderId": f"O{n}"} for n in numbers]}
    if following is not None:
        document["next"] = following
    return document


def ids(pages):
    return [order["orderId"] for one in pages for order in one["orders"]]


def test_a_window_becomes_ebays_filter_percent_encoded(client, ebay):
    ebay.get(ORDERS, json=page([], 0))
    client.fulfillment.get_orders(
        modified_from=START,
        modified_to=END,
        fulfillment_status="NOT_STARTED|IN_PROGRESS",
        tax_breakdown=True,
    )
    assert sent(ebay) == {
        "filter": "lastmodifieddate:[2026-11-20T10:00:00.000Z.."
        "2026-11-20T11:00:00.250Z],orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}",
        "fieldGroups": "TAX_BREAKDOWN",
        "limit": "50",
        "offset": "0",
    }
    raw = ebay.calls[0].request.url
    assert not set("[]{}|") & set(raw)


def test_times_in_other_zones_are_sent_in_utc(client, ebay):
    ebay.get(ORDERS, json=page([], 0))
    warsaw = timezone(timedelta(hours=1))
    client.fulfillment.get_orders(
        created_from=datetime(2026, 1, 1, 0, 30, tzinfo=warsaw)
    )
    assert sent(ebay)["filter"] == "creationdate:[2025-12-31T23:30:00.000Z..]"


@pytest.mark.parametrize(
    "window",
    [
        {"modified_from": datetime(2026, 1, 1)},
        {"modified_to": END},
        {"modified_from": START, "created_from": START},
    ],
)
def test_windows_that_ebay_would_misread_are_not_sent(client, window):
    with pytest.raises(InvalidArgument):
        client.fulfillment.get_orders(**window)


def test_pages_follow_the_next_link(client, ebay):
    ebay.get(ORDERS, json=page([1, 2], 3, f"{ORDERS}?limit=2&offset=2"))
    ebay.get(ORDERS, json=page([3], 3))
    assert ids(client.fulfillment.order_pages(modified_from=START, limit=2)) == [
        "O1",
        "O2",
        "O3",
    ]
    assert sent(ebay, 1)["offset"] == "2"
    assert sent(ebay, 1)["filter"].startswith("lastmodifieddate:[")


def test_a_next_link_to_another_host_never_gets_the_token(client, ebay):
    elsewhere = "https://evil.test/sell/fulfillment/v1/order?offset=1&limit=1"
    ebay.get(ORDERS, json=page([1], 2, elsewhere))
    ebay.get(ORDERS, json=page([2], 2))
    assert ids(client.fulfillment.order_pages(modified_from=START, limit=1)) == [
        "O1",
        "O2",
    ]
    assert {urlsplit(call.request.url).netloc for call in ebay.calls} == {"ebay.test"}


def test_a_missing_next_link_loses_no_orders(client, ebay):
    ebay.get(ORDERS, json=page([1, 2], 3))
    ebay.get(ORDERS, json=page([3], 3))
    pages = client.fulfillment.order_pages(modified_from=START, limit=2)
    assert ids(pages) == ["O1", "O2", "O3"]
    assert sent(ebay, 1)["offset"] == "2"


def test_pages_that_run_in_a_circle_end_with_an_error(client, ebay):
    ebay.get(ORDERS, json=page([1], 9, f"{ORDERS}?offset=0&limit=1"))
    with pytest.raises(ContractError, match="circle"):
        list(client.fulfillment.order_pages(modified_from=START, limit=1))


def test_a_page_without_its_list_is_not_taken_for_nothing_new(client, ebay):
    ebay.get(ORDERS, json={"href": "x"})
    with pytest.raises(ContractError) as caught:
        list(client.fulfillment.order_pages(modified_from=START))
    assert caught.value.body == b'{"href": "x"}'
    assert "orders" in caught.value.message


def test_a_total_of_zero_needs_no_list(client, ebay):
    ebay.get(ORDERS, json={"total": 0})
    assert [dict(p) for p in client.fulfillment.order_pages(modified_from=START)] == [
        {"total": 0}
    ]


def test_an_expired_token_in_the_middle_of_paging_is_renewed_once(client, ebay, tokens):
    expired = {"errors": [{"errorId": 1001, "domain": "OAuth", "message": "Invalid"}]}
    ebay.get(ORDERS, json=page([1], 2, f"{ORDERS}?offset=1&limit=1"))
    ebay.get(ORDERS, json=expired, status=401)
    ebay.get(ORDERS, json=page([2], 2))
    pages = client.fulfillment.order_pages(modified_from=START, limit=1)
    assert ids(pages) == ["O1", "O2"]
    assert tokens.renewed == [("user", "user-token-1")]
    used = [call.request.headers["Authorization"] for call in ebay.calls]
    assert used == [
        "Bearer user-token-1",
        "Bearer user-token-1",
        "Bearer user-token-2",
    ]


def test_a_token_that_is_rejected_twice_means_reconnect(client, ebay, tokens):
    ebay.get(ORDERS, status=401, body="")
    with pytest.raises(AuthError) as caught:
        client.fulfillment.get_orders(modified_from=START)
    assert caught.value.refreshable is False
    assert len(ebay.calls) == 2
    assert len(tokens.renewed) == 1


def test_a_missing_scope_is_not_answered_with_a_new_token(client, ebay, tokens):
    refusal = {"errors": [{"errorId": 1100, "domain": "ACCESS", "message": "Denied"}]}
    ebay.get(ORDERS, json=refusal, status=403)
    with pytest.raises(Forbidden) as caught:
        client.fulfillment.get_orders(modified_from=START)
    assert caught.value.call == "getOrders"
    assert tokens.renewed == []


def test_a_wordless_403_tries_one_new_token_then_counts_as_forbidden(
    client, ebay, tokens
):
    ebay.get(ORDERS, status=403, body="<html>Forbidden</html>")
    with pytest.raises(Forbidden) as caught:
        client.fulfillment.get_orders(modified_from=START)
    assert caught.value.status == 403
    assert len(tokens.renewed) == 1


def test_orders_by_id_come_in_one_call(client, ebay):
    ebay.get(ORDERS, json=page([1, 2], 2))
    client.fulfillment.get_orders_by_id(["11-1-1", "22-2-2"])
    assert sent(ebay) == {"orderIds": "11-1-1,22-2-2"}


@pytest.mark.parametrize("wanted", [[], ["x"] * 51, ["a,b"], [""], [7]])
def test_id_lists_that_ebay_would_misread_are_not_sent(client, wanted):
    with pytest.raises(InvalidArgument):
        client.fulfillment.get_orders_by_id(wanted)


@pytest.mark.parametrize("order_id", ["", "..", ".", "a\nb", "x" * 300, None, 5])
def test_ids_that_could_leave_their_place_are_not_sent(client, order_id):
    with pytest.raises(InvalidArgument):
        client.fulfillment.get_order(order_id)


def test_an_id_is_quoted_in_the_path(client, ebay):
    ebay.get(f"{ORDERS}/a%2Fb%3Fc%20d", json={"orderId": "a/b?c d"})
    assert client.fulfillment.get_order("a/b?c d")["orderId"] == "a/b?c d"


def test_unknown_fields_and_enum_values_pass_through(client, ebay):
    order = {"orderId": "1", "orderPaymentStatus": "PAID_IN_SHELLS", "new": {"x": [1]}}
    ebay.get(f"{ORDERS}/1", json=order)
    assert client.fulfillment.get_order("1") == order


def test_a_shipping_fulfillment_is_created_and_its_id_read(client, ebay):
    where = f"{ORDERS}/1/shipping_fulfillment"
    ebay.post(where, status=201, headers={"Location": f"{where}/JD0123"})
    body = {
        "lineItems": [{"lineItemId": "9", "quantity": 2}],
        "shippingCarrierCode": "DHL",
        "trackingNumber": "JD0123",
    }
    reply = client.fulfillment.create_shipping_fulfillment("1", body)
    assert (reply.status, reply.created_id, reply) == (201, "JD0123", {})
    request = ebay.calls[0].request
    assert request.headers["Content-Type"] == "application/json"
    assert b'"trackingNumber":"JD0123"' in request.body


def test_a_read_only_client_sends_no_write(make_client, ebay):
    fulfillment = make_client(read_only=True).fulfillment
    with pytest.raises(WritesRefused):
        fulfillment.create_shipping_fulfillment("1", {})
    with pytest.raises(WritesRefused):
        fulfillment.issue_refund("1", {})
    assert len(ebay.calls) == 0
    ebay.get(f"{ORDERS}/1", json={"orderId": "1"})
    fulfillment.get_order("1")


@pytest.mark.parametrize("bearer", ["", "a b", "tok\nen", "zażółć", None])
def test_an_unusable_token_is_never_put_on_the_wire(client, ebay, tokens, bearer):
    tokens.current["user"] = bearer
    with pytest.raises((AuthError, InvalidArgument)):
        client.fulfillment.get_order("1")
    assert len(ebay.calls) == 0


def test_fulfillments_are_read_before_a_lost_create_is_repeated(client, ebay):
    where = f"{ORDERS}/1/shipping_fulfillment"
    ebay.get(where, json={"total": 1, "fulfillments": [{"fulfillmentId": "JD/1"}]})
    ebay.get(f"{where}/JD%2F1", json={"fulfillmentId": "JD/1"})
    [found] = client.fulfillment.get_shipping_fulfillments("1")["fulfillments"]
    one = client.fulfillment.get_shipping_fulfillment("1", found["fulfillmentId"])
    assert one == found
    ebay.replace("GET", where, json={"what": "else"})
    with pytest.raises(ContractError):
        client.fulfillment.get_shipping_fulfillments("1")
