"""The Trading API: frame, lists, revisions, tracking."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from simulator.clock import to_text
from simulator.listings import listings, preferences
from simulator.notifications.events import deletion
from simulator.orders.buying import Shelf, buy
from simulator.seed import CLIENT_ID, SELLER
from simulator.tokens import issue_access

NS = "{urn:ebay:apis:eBLBaseComponents}"


class Trading:
    """Sends Trading calls as the seller of the catalogue."""

    def __init__(self, client, world, token=None):
        self.client = client
        self.world = world
        self.headers = {
            "Content-Type": "text/xml",
            "X-EBAY-API-SITEID": "77",
            "X-EBAY-API-COMPATIBILITY-LEVEL": "1423",
            "X-EBAY-API-IAF-TOKEN": token or issue_access(world, CLIENT_ID, [], SELLER),
        }

    def raw(self, name, body, **headers):
        return self.client.post(
            "/ws/api.dll",
            content=body,
            headers={**self.headers, "X-EBAY-API-CALL-NAME": name, **headers},
        )

    def __call__(self, name, inner="", **headers):
        body = (
            f'<?xml version="1.0"?><{name}Request xmlns="{NS[1:-1]}">{inner}'
            f"</{name}Request>"
        )
        answer = self.raw(name, body, **headers)
        assert answer.status_code == 200
        return ElementTree.fromstring(answer.content)

    def codes(self, name, inner="", **headers):
        answer = self(name, inner, **headers)
        return text(answer, "Ack"), [e.text for e in all_of(answer, "Errors/ErrorCode")]

    def item(self, sku):
        """Item id of the listing with this SKU."""
        return self.world.database.execute(
            "SELECT item_id FROM listing_unit WHERE sku = ?", (sku,)
        ).fetchone()[0]


def all_of(element, path):
    return element.findall("/".join(NS + part for part in path.split("/")))


def text(element, path):
    found = all_of(element, path)
    return found[0].text if found else None


def status(item_id, quantity=None, price=None, sku=None):
    return (
        f"<InventoryStatus><ItemID>{item_id}</ItemID>"
        + (f"<SKU>{sku}</SKU>" if sku else "")
        + (f"<StartPrice>{price}</StartPrice>" if price is not None else "")
        + (f"<Quantity>{quantity}</Quantity>" if quantity is not None else "")
        + "</InventoryStatus>"
    )


@pytest.fixture
def trading(listing_app, other_seller):
    other_seller.headers.pop("Authorization")
    return Trading(other_seller, listing_app.world)


# --- frame ---


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-EBAY-API-SITEID": "9999"}, "10012"),
        ({"X-EBAY-API-SITEID": ""}, "10011"),
        ({"X-EBAY-API-COMPATIBILITY-LEVEL": "12"}, "10012"),
        ({"X-EBAY-API-IAF-TOKEN": ""}, "930"),
        ({"X-EBAY-API-IAF-TOKEN": "forged"}, "21916984"),
    ],
)
def test_headers_are_checked(trading, headers, code):
    assert trading.codes("GetItem", **headers) == ("Failure", [code])


def test_unknown_calls_and_bad_xml(trading):
    assert trading.codes("GetNothing") == ("Failure", ["2"])
    broken = trading.raw("GetItem", "<GetItemRequest")
    assert text(ElementTree.fromstring(broken.content), "Errors/ErrorCode") == "5"


def test_entities_are_refused(trading):
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
        f'<GetItemRequest xmlns="{NS[1:-1]}"><ItemID>&a;</ItemID></GetItemRequest>'
    )
    answer = ElementTree.fromstring(trading.raw("GetItem", bomb).content)
    assert text(answer, "Errors/ErrorCode") == "5"


def test_expired_tokens(trading):
    token = trading.headers.pop("X-EBAY-API-IAF-TOKEN")
    trading.world.clock.advance(7_201)
    expired = {"X-EBAY-API-IAF-TOKEN": token}
    assert trading.codes("GetItem", **expired)[1] == ["21917053"]
    inside = (
        "<RequesterCredentials><eBayAuthToken>{}</eBayAuthToken></RequesterCredentials>"
    )
    assert trading.codes("GetItem", inside.format(token))[1] == ["932"]
    assert trading.codes("GetItem", inside.format("forged"))[1] == ["931"]


def test_the_quota_of_a_call_ends_with_518(trading):
    trading.world.quotas.set_limit("tradingapi/TradingAPI/v1/GetUserPreferences", 1)
    assert trading.codes("GetUserPreferences") == ("Success", [])
    assert trading.codes("GetUserPreferences") == ("Failure", ["518"])
    assert trading.codes("GeteBayDetails") == ("Success", [])


def test_message_id_comes_back(trading):
    answer = trading("GetUserPreferences", "<MessageID>abc</MessageID>")
    assert text(answer, "CorrelationID") == "abc"


# --- lists ---

PAGE = (
    "<Pagination><EntriesPerPage>{}</EntriesPerPage><PageNumber>{}</PageNumber>"
    "</Pagination>"
)


def active(trading, size=200, page=1, more=""):
    inner = f"<ActiveList><Include>true</Include>{PAGE.format(size, page)}</ActiveList>"
    return trading("GetMyeBaySelling", inner + more)


def test_active_list_shows_both_kinds_and_no_ended_ones(trading):
    answer = active(trading)
    found = {one.text for one in all_of(answer, "ActiveList/ItemArray/Item/ItemID")}
    rows = trading.world.database.execute(
        "SELECT item_id, model FROM listing WHERE seller = ? AND status = 'ACTIVE'",
        (SELLER,),
    ).fetchall()
    assert found == {item_id for item_id, _ in rows}
    assert {model for _, model in rows} == {"inventory", "trading"}
    total = text(answer, "ActiveList/PaginationResult/TotalNumberOfEntries")
    assert int(total) == len(rows)


def test_pages_of_the_active_list(trading):
    seen = []
    for page in (1, 2, 3):
        answer = active(trading, 8, page)
        seen += [one.text for one in all_of(answer, "ActiveList/ItemArray/Item/ItemID")]
    assert len(seen) == len(set(seen)) == 20
    assert trading.codes(
        "GetMyeBaySelling",
        f"<ActiveList><Include>true</Include>{PAGE.format(201, 1)}</ActiveList>",
    ) == ("Failure", ["37"])


def test_page_drift_skips_a_listing(trading):
    rule = {"fault": "page_drift", "operation": "GetMyeBaySelling", "after": 1}
    trading.client.post("/_sim/faults", json={**rule, "times": 1})
    path = "ActiveList/ItemArray/Item/ItemID"
    seen = {
        one.text for page in (1, 2) for one in all_of(active(trading, 5, page), path)
    }
    now = {one.text for one in all_of(active(trading, 9), path)}
    assert len(now - seen) == 1


def test_the_active_list_ends_at_its_cap(trading, monkeypatch):
    monkeypatch.setattr("simulator.trading.selling.MOST_ACTIVE", 12)
    second, third = active(trading, 6, 2), active(trading, 6, 3)
    path = "ActiveList/ItemArray/Item/ItemID"
    assert [e.text for e in all_of(second, path)] == [
        e.text for e in all_of(third, path)
    ]
    assert text(third, "ActiveList/PaginationResult/TotalNumberOfPages") == "2"


def test_variations_are_listed_unless_hidden(trading):
    path = "ActiveList/ItemArray/Item/Variations/Variation/SKU"
    assert len(all_of(active(trading), path)) > 250
    hidden = active(trading, more="<HideVariations>true</HideVariations>")
    assert not all_of(hidden, path)


def test_output_selector_keeps_what_it_names(trading):
    more = "<OutputSelector>ActiveList.ItemArray.Item.ItemID</OutputSelector>"
    answer = active(trading, more=more + "<OutputSelector>SKU</OutputSelector>")
    (item,) = all_of(answer, "ActiveList/ItemArray/Item")[:1]
    assert {child.tag for child in item} <= {f"{NS}ItemID", f"{NS}SKU"}
    assert text(answer, "Ack") == "Success"
    assert not all_of(answer, "ActiveList/PaginationResult")


def seller_list(trading, begin, end, prefix="EndTime", more=""):
    inner = (
        f"<{prefix}From>{to_text(begin)}</{prefix}From>"
        f"<{prefix}To>{to_text(end)}</{prefix}To>{PAGE.format(200, 1)}{more}"
    )
    return trading("GetSellerList", inner)


def test_the_next_month_holds_every_active_listing(trading):
    now = trading.world.clock.now()
    answer = seller_list(trading, now, now + timedelta(days=31))
    ids = {one.text for one in all_of(answer, "ItemArray/Item/ItemID")}
    rows = trading.world.database.execute(
        "SELECT item_id FROM listing WHERE seller = ? AND status = 'ACTIVE'", (SELLER,)
    )
    assert ids == {row[0] for row in rows}
    assert text(answer, "HasMoreItems") == "false"


def test_windows_of_the_seller_list(trading):
    now = trading.world.clock.now()
    started = seller_list(trading, now - timedelta(days=119), now, "StartTime")
    wanted = trading.world.database.execute(
        "SELECT COUNT(*) FROM listing WHERE seller = ? AND started_at >= ?",
        (SELLER, to_text(now - timedelta(days=119))),
    ).fetchone()[0]
    assert len(all_of(started, "ItemArray/Item")) == wanted > 0
    too_long = seller_list(trading, now - timedelta(days=120), now, "StartTime")
    assert text(too_long, "Errors/ErrorCode") == "37"
    assert trading.codes("GetSellerList")[1] == ["37"]


def test_events_show_what_changed(trading):
    item_id = trading.item("OLD-1-000007")
    before = trading.world.clock.now()
    window = (
        f"<ModTimeFrom>{to_text(before)}</ModTimeFrom>"
        f"<ModTimeTo>{to_text(before + timedelta(minutes=5))}</ModTimeTo>"
    )
    assert not all_of(trading("GetSellerEvents", window), "ItemArray/Item")
    trading("ReviseInventoryStatus", status(item_id, quantity=3))
    answer = trading("GetSellerEvents", window)
    assert [e.text for e in all_of(answer, "ItemArray/Item/ItemID")] == [item_id]
    long = f"<ModTimeFrom>{to_text(before - timedelta(hours=49))}</ModTimeFrom>"
    assert trading.codes("GetSellerEvents", long)[1] == ["37"]


def test_get_item_counts_what_was_sold(trading):
    item_id = trading.item("OLD-1-000007")
    (unit,) = listings.units(trading.world.database, item_id)
    inner = f"<ItemID>{item_id}</ItemID><DetailLevel>ReturnAll</DetailLevel>"
    answer = trading("GetItem", inner)
    assert text(answer, "Item/Quantity") == str(unit.available + unit.sold)
    assert text(answer, "Item/SellingStatus/QuantitySold") == str(unit.sold)
    assert text(answer, "Item/Description")
    assert all_of(answer, "Item/ItemSpecifics/NameValueList/Value")
    assert text(answer, "Item/PrimaryCategory/CategoryName")
    assert trading.codes("GetItem", "<ItemID>1</ItemID>")[1] == ["17"]


# --- revisions ---


def test_price_and_quantity_are_revised(trading):
    item_id = trading.item("OLD-1-000007")
    answer = trading("ReviseInventoryStatus", status(item_id, 4, "12.5"))
    assert text(answer, "Ack") == "Success"
    assert text(answer, "InventoryStatus/Quantity") == "4"
    (unit,) = listings.units(trading.world.database, item_id)
    assert (unit.available, str(unit.price)) == (4, "12.5")
    shown = trading("GetItem", f"<ItemID>{item_id}</ItemID>")
    assert int(text(shown, "Item/Quantity")) == 4 + unit.sold


def test_one_to_four_units_each_once(trading):
    item_id = trading.item("OLD-1-000017-001")
    rows = [status(item_id, 2, sku=f"OLD-1-000017-00{n}") for n in (1, 2)]
    assert trading.codes("ReviseInventoryStatus", "".join(rows)) == ("Success", [])
    assert trading.codes("ReviseInventoryStatus", rows[0] * 2)[1] == ["37"]
    assert trading.codes("ReviseInventoryStatus")[1] == ["37"]
    five = "".join(status(n, 1) for n in range(5))
    assert trading.codes("ReviseInventoryStatus", five)[1] == ["37"]


def test_what_is_there_already_is_noted_and_done(trading):
    item_id = trading.item("OLD-1-000007")
    inner = status(item_id, 4, "12.5")
    assert trading.codes("ReviseInventoryStatus", inner) == ("Success", [])
    again = trading("ReviseInventoryStatus", inner)
    assert text(again, "Ack") == "Warning"
    assert {text(one, "SeverityCode") for one in all_of(again, "Errors")} == {"Warning"}
    assert text(again, "InventoryStatus/Quantity") == "4"
    other = status(item_id, 5, "12.5") + status("1", 2)
    answer = trading.codes("ReviseInventoryStatus", other)
    assert answer == ("PartialFailure", ["21917091", "17"])


def test_some_entries_fail(trading):
    inner = status(trading.item("OLD-1-000007"), 2) + status("1", 2)
    assert trading.codes("ReviseInventoryStatus", inner) == ("PartialFailure", ["17"])
    assert trading.codes("ReviseInventoryStatus", status("1", 2))[0] == "Failure"


def test_what_a_revision_refuses(trading):
    plain = trading.item("OLD-1-000007")
    varied = trading.item("OLD-1-000017-001")
    cases = {
        "21919474": status(trading.item("INV-1-000000"), 2),
        "21916635": status(varied, 2),
        "21916799": status(varied, 2, sku="nope"),
        "73": status(plain, price="0"),
        "515": status(plain, -1),
        "37": status(plain),
    }
    for code, inner in cases.items():
        answer = trading.codes("ReviseInventoryStatus", inner)
        assert answer == ("Failure", [code])


def test_zero_needs_out_of_stock_control(trading):
    item_id = trading.item("OLD-1-000007")
    trading("ReviseInventoryStatus", status(item_id, 3))
    shown = "<ShowOutOfStockControlPreference>true</ShowOutOfStockControlPreference>"
    switch = "<OutOfStockControlPreference>{}</OutOfStockControlPreference>"
    trading("SetUserPreferences", switch.format("false"))
    answer = trading("GetUserPreferences", shown)
    assert text(answer, "OutOfStockControlPreference") == "false"
    assert trading.codes("ReviseInventoryStatus", status(item_id, 0))[1] == ["942"]
    trading("SetUserPreferences", switch.format("true"))
    assert trading.codes("ReviseInventoryStatus", status(item_id, 0))[0] == "Success"
    assert listings.get(trading.world.database, item_id).status == "ACTIVE"


def test_a_sale_ends_the_last_one_without_out_of_stock_control(trading):
    db = trading.world.database
    preferences.put(db, SELLER, "out_of_stock_control", False)
    item_id = trading.item("OLD-1-000007")
    trading("ReviseInventoryStatus", status(item_id, 3))
    (unit,) = listings.units(db, item_id)
    listings.sell(db, unit, unit.available, trading.world.clock.now())
    assert listings.get(db, item_id).status == "ENDED"
    assert trading.codes("ReviseInventoryStatus", status(item_id, 1))[1] == ["291"]


def test_revise_fixed_price_item_changes_what_is_sent(trading):
    item_id = trading.item("OLD-1-000007")
    before = listings.get(trading.world.database, item_id)
    inner = f"<Item><ItemID>{item_id}</ItemID><Title>Neuer Titel</Title></Item>"
    assert trading.codes("ReviseFixedPriceItem", inner) == ("Success", [])
    after = listings.get(trading.world.database, item_id)
    assert after.title == "Neuer Titel"
    assert (after.category_id, after.document) == (before.category_id, before.document)


def test_ending(trading):
    item_id = trading.item("OLD-1-000007")
    inner = f"<ItemID>{item_id}</ItemID><EndingReason>NotAvailable</EndingReason>"
    assert trading.codes("EndFixedPriceItem", inner) == ("Success", [])
    assert trading.codes("EndFixedPriceItem", inner)[1] == ["1047"]


# --- orders and lists of words ---


def test_word_lists(trading):
    answer = trading(
        "GeteBayDetails", "<DetailName>ShippingCarrierDetails</DetailName>"
    )
    carriers = all_of(answer, "ShippingCarrierDetails/ShippingCarrier")
    assert "DHL" in [one.text for one in carriers]
    assert not all_of(answer, "SiteDetails")
    wrong = "<DetailName>Nonsense</DetailName>"
    assert trading.codes("GeteBayDetails", wrong)[1] == ["37"]


def test_complete_sale_corrects_the_tracking_number(trading):
    bought = trading.client.post("/_sim/buy", json={"seller": SELLER})
    assert bought.status_code < 300, bought.text
    (record,) = trading.world.orders.records()[:1]
    order_id = record["order"]["orderId"]

    def complete(number):
        return trading.codes(
            "CompleteSale",
            f"<OrderID>{order_id}</OrderID><Shipped>true</Shipped><Shipment>"
            "<ShipmentTrackingDetails>"
            f"<ShipmentTrackingNumber>{number}</ShipmentTrackingNumber>"
            "<ShippingCarrierUsed>DHL</ShippingCarrierUsed>"
            "</ShipmentTrackingDetails></Shipment>",
        )

    assert complete("ABC123") == ("Success", [])
    assert record["order"]["orderFulfillmentStatus"] == "FULFILLED"
    assert complete("no/such") == ("Failure", ["37"])
    assert complete("ABC999") == ("Success", [])
    parcels = record["fulfillments"]
    assert [one["shipmentTrackingNumber"] for one in parcels] == ["ABC999"]
    unknown = "<OrderID>1-1-1</OrderID>"
    assert trading.codes("CompleteSale", unknown)[1] == ["21917182"]


# --- orders ---


def test_orders_tell_who_bought_for_good(trading):
    world = trading.world
    shelf = Shelf(world, SELLER, None)
    ids = [buy(world, SELLER, shelf, {})["order"]["orderId"] for _ in range(3)]
    window = "".join(
        f"<{name}>{to_text(world.clock.now() + timedelta(days=days))}</{name}>"
        for name, days in (("CreateTimeFrom", -1), ("CreateTimeTo", 1))
    )
    seen = []
    for page, more in (("1", "true"), ("2", "false")):
        paging = f"<EntriesPerPage>2</EntriesPerPage><PageNumber>{page}</PageNumber>"
        answer = trading("GetOrders", f"{window}<Pagination>{paging}</Pagination>")
        assert text(answer, "HasMoreOrders") == more
        seen += all_of(answer, "OrderArray/Order")
    assert {text(one, "OrderID") for one in seen} == set(ids)
    record = world.orders.get(text(seen[0], "OrderID"))
    closing = deletion(text(seen[0], "BuyerUserID"), record["buyerUserId"])
    assert text(seen[0], "EIASToken") == closing["eiasToken"]
    changed = window.replace("CreateTime", "ModTime")
    assert text(trading("GetOrders", changed), "ReturnedOrderCountActual") == "3"
    turned = changed.replace("From", "X").replace("To", "From").replace("X", "To")
    assert trading.codes("GetOrders", turned) == ("Failure", ["37"])
    assert trading.codes("GetOrders") == ("Failure", ["37"])
