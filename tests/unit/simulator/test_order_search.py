"""getOrders: filter, window, page."""

from __future__ import annotations

import pytest

ORDER = "/sell/fulfillment/v1/order"


def ids(document):
    return [order["orderId"] for order in document["orders"]]


def refused(shop, **query):
    answer = shop.get(ORDER, **query)
    error = answer.json()["errors"][0]
    assert error["domain"] == "API_FULFILLMENT"
    assert answer.status_code == 400
    return error["errorId"]


@pytest.fixture
def three(shop):
    """Three orders: of June 1, June 10 and June 14, paid then."""
    return [
        shop.buy(created=f"2026-06-{day}T08:00:00Z", lineCount=1)
        for day in ("01", "10", "14")
    ]


def test_without_a_filter_the_last_ninety_days_oldest_first(shop, three):
    old = shop.buy(created="2026-03-01T08:00:00Z")
    found = shop.orders()
    assert ids(found) == three
    assert (found["total"], found["limit"], found["offset"]) == (3, 50, 0)
    assert "next" not in found and "prev" not in found
    window = "creationdate:[2026-02-01T00:00:00Z..]"
    assert ids(shop.orders(filter=window)) == [old, *three]


def test_windows_include_both_ends(shop, three):
    window = "creationdate:[2026-06-01T08:00:00.000Z..2026-06-10T08:00:00.000Z]"
    assert ids(shop.orders(filter=window)) == three[:2]
    empty = "creationdate:[2026-06-02T00:00:00Z..2026-06-03T00:00:00Z]"
    found = shop.orders(filter=empty)
    assert (found["total"], found["orders"]) == (0, [])


def test_modification_moves_an_order_into_the_window(shop, three):
    window = "lastmodifieddate:[2026-06-15T11:00:00Z..]"
    assert ids(shop.orders(filter=window)) == []
    shop.sim(f"orders/{three[1]}/ship")
    assert ids(shop.orders(filter=window)) == [three[1]]
    assert shop.order(three[1])["lastModifiedDate"] == "2026-06-15T12:00:00.000Z"


def test_a_modification_window_is_sorted_by_creation(shop, three):
    for order_id in reversed(three):
        shop.sim(f"orders/{order_id}/ship")
        shop.sim("clock", {"advance": 60})
    window = "lastmodifieddate:[2026-06-15T11:00:00Z..]"
    assert ids(shop.orders(filter=window)) == three


def test_of_two_date_filters_creationdate_counts(shop, three):
    both = (
        "lastmodifieddate:[2026-06-13T00:00:00Z..],"
        "creationdate:[2026-06-01T00:00:00Z..2026-06-02T00:00:00Z]"
    )
    assert ids(shop.orders(filter=both)) == three[:1]


def test_the_two_status_sets(shop, three):
    shop.sim(f"orders/{three[0]}/ship")
    open_ones = shop.orders(filter="orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}")
    assert ids(open_ones) == three[1:]
    done = shop.orders(filter="orderfulfillmentstatus:{FULFILLED|IN_PROGRESS}")
    assert ids(done) == three[:1]


@pytest.mark.parametrize(
    ("text", "error_id"),
    [
        ("colour:{RED}", 30700),
        ("orderfulfillmentstatus:{NOT_STARTED}", 30800),
        ("orderfulfillmentstatus:{NOT_STARTED|FULFILLED}", 30800),
        ("creationdate:2026-06-01T00:00:00Z", 30800),
        ("creationdate:[tomorrow..]", 30810),
        ("creationdate:[..2026-06-01T00:00:00Z]", 30820),
        ("lastmodifieddate:[2023-01-01T00:00:00Z..]", 30830),
        ("creationdate:[2026-06-02T00:00:00Z..2026-06-01T00:00:00Z]", 30840),
        ("creationdate:[2026-06-01T00:00:00Z..2026-06-16T00:00:00Z]", 30850),
    ],
)
def test_wrong_filters(shop, text, error_id):
    assert refused(shop, filter=text) == error_id


@pytest.mark.parametrize("limit", ["201", "0", "-1", "ten"])
def test_wrong_limits_are_31100(shop, limit):
    assert refused(shop, limit=limit) == 31100


def test_wrong_offsets_and_field_groups(shop):
    assert refused(shop, offset="-1") == 31000
    assert refused(shop, fieldGroups="EVERYTHING") == 32800


def test_offset_counts_rows_and_links_lead_through_all(shop, three):
    more = [shop.buy() for _ in range(4)]
    window = "creationdate:[2026-06-01T00:00:00Z..]"
    page = shop.orders(filter=window, limit=3, fieldGroups="TAX_BREAKDOWN")
    assert "prev" not in page
    seen = ids(page)
    while "next" in page:
        page = shop.client.get(page["next"], headers=shop.seller).json()
        seen += ids(page)
    assert seen == three + more
    assert page["offset"] == 6
    assert "fieldGroups=TAX_BREAKDOWN" in page["prev"]
    assert ids(shop.orders(filter=window, limit=3, offset=2)) == (three + more)[2:5]


def test_order_ids_ignore_every_other_parameter(shop, three):
    old = shop.buy(created="2025-11-01T08:00:00Z")
    wanted = ",".join([three[2], old, "00-00000-00000", three[2]])
    found = shop.orders(orderIds=wanted, filter="nonsense", limit=999)
    assert ids(found) == [old, three[2]]
    assert found["total"] == 2


def test_more_than_fifty_ids_are_30900(shop):
    many = ",".join(f"00-00000-{number:05d}" for number in range(51))
    assert refused(shop, orderIds=many) == 30900


def test_orders_older_than_two_years_are_gone(shop):
    shop.buy(created="2024-06-01T00:00:00Z")
    window = "creationdate:[2024-06-16T00:00:00Z..]"
    assert shop.orders(filter=window)["total"] == 0


def test_an_order_may_not_be_readable_at_once(shop):
    shop.sim("behaviour", {"orderVisibleAfterSeconds": 30})
    order_id = shop.buy()
    assert shop.get(f"{ORDER}/{order_id}").status_code == 404
    assert shop.orders()["total"] == 0
    shop.sim("clock", {"advance": 30})
    assert shop.order(order_id)["orderId"] == order_id
    assert shop.orders()["total"] == 1
    another = shop.buy()
    assert shop.get(f"{ORDER}/{another}").status_code == 404
    shop.sim("behaviour", {"orderVisibleAfterSeconds": 0})
    assert shop.order(another)["orderId"] == another
