"""Trading XML: requests, answers, refusals with HTTP 200, paging, event windows."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from ebay_api.errors import (
    AuthError,
    ContractError,
    InvalidArgument,
    RateLimited,
    Rejected,
    Transient,
    WritesRefused,
)
from ebay_api.trading import TooManyChanges
from ebay_api.trading_xml import InventoryStatus, build_request

URL = "https://ebay.test/ws/api.dll"
NAMESPACE = 'xmlns="urn:ebay:apis:eBLBaseComponents"'
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


def response(call, content="", ack="Success"):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{call}Response {NAMESPACE}>'
        f"<Timestamp>2026-11-20T12:00:00.000Z</Timestamp><Ack>{ack}</Ack>"
        f"{content}</{call}Response>"
    )


def error(code, severity="Error", text="Words."):
    return (
        f"<Errors><ShortMessage>{text}</ShortMessage><ErrorCode>{code}</ErrorCode>"
        f"<SeverityCode>{severity}</SeverityCode></Errors>"
    )


def sent(ebay, number=-1):
    """The request's XML without its namespace."""
    text = ebay.calls[number].request.body.decode()
    return ElementTree.fromstring(text.replace(NAMESPACE, ""))


def test_the_frame_is_what_ebay_wants(client, ebay):
    ebay.post(URL, body=response("GetUserPreferences"))
    client.trading.get_user_preferences()
    headers = ebay.calls[0].request.headers
    assert headers["X-EBAY-API-CALL-NAME"] == "GetUserPreferences"
    assert headers["X-EBAY-API-SITEID"] == "77"
    assert headers["X-EBAY-API-IAF-TOKEN"] == "user-token-1"
    assert headers["X-EBAY-API-COMPATIBILITY-LEVEL"].isdigit()
    assert headers["Content-Type"].startswith("text/xml")
    assert "Authorization" not in headers
    body = sent(ebay)
    assert body.tag == "GetUserPreferencesRequest"
    assert body.findtext("ErrorLanguage") == "de_DE"
    assert body.findtext("ShowOutOfStockControlPreference") == "true"


def test_the_site_follows_marketplace_and_language(client, ebay):
    ebay.post(URL, body=response("GetUserPreferences"))
    for marketplace, locale in (("EBAY_BE", "fr-BE"), ("EBAY_US", ""), ("EBAY_TW", "")):
        client.for_marketplace(marketplace, locale).trading.get_user_preferences()
    used = [call.request.headers["X-EBAY-API-SITEID"] for call in ebay.calls]
    assert used == ["23", "0", "0"]


def test_an_item_comes_as_plain_texts_dicts_and_lists(client, ebay):
    ebay.post(
        URL,
        body=response(
            "GetItem",
            """<Item><ItemID>0110</ItemID><StartPrice currencyID="EUR">9.90</StartPrice>
            <Quantity>10</Quantity><SellingStatus><QuantitySold>3</QuantitySold>
            </SellingStatus><PictureDetails><PictureURL>https://a</PictureURL>
            </PictureDetails><ItemSpecifics><NameValueList><Name>Brand</Name>
            <Value>X</Value></NameValueList></ItemSpecifics>
            <Variations><Variation><SKU>S-1</SKU></Variation></Variations>
            <New><Thing/><Thing>2</Thing></New></Item>""",
        ),
    )
    item = client.trading.get_item("0110")["Item"]
    assert item == {
        "ItemID": "0110",
        "StartPrice": {"value": "9.90", "currencyID": "EUR"},
        "Quantity": "10",
        "SellingStatus": {"QuantitySold": "3"},
        "PictureDetails": {"PictureURL": ["https://a"]},
        "ItemSpecifics": {"NameValueList": [{"Name": "Brand", "Value": ["X"]}]},
        "Variations": {"Variation": [{"SKU": "S-1"}]},
        "New": {"Thing": ["", "2"]},
    }


@pytest.mark.parametrize("item_id", ["", "12a", "../1", None, 12])
def test_what_is_no_item_id_is_not_sent(client, item_id):
    with pytest.raises(InvalidArgument):
        client.trading.get_item(item_id)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("17", Rejected),
        ("21919301", Rejected),
        ("10007", Transient),
        ("518", RateLimited),
    ],
)
def test_a_failure_with_http_200_is_a_refusal(client, ebay, code, expected):
    ebay.post(URL, body=response("GetItem", error(code), ack="Failure"))
    with pytest.raises(expected) as caught:
        client.trading.get_item("1")
    assert caught.value.error_ids == (code,)
    assert caught.value.call == "GetItem"
    assert len(ebay.calls) == (3 if expected is Transient else 1)


@pytest.mark.parametrize("code", ["931", "932", "21916984", "21917053", "93001"])
def test_an_expired_token_in_an_xml_answer_is_renewed(client, ebay, tokens, code):
    ebay.post(URL, body=response("GetItem", error(code), ack="Failure"))
    ebay.post(URL, body=response("GetItem", "<Item><ItemID>1</ItemID></Item>"))
    assert client.trading.get_item("1")["Item"]["ItemID"] == "1"
    assert tokens.renewed == [("user", "user-token-1")]
    assert ebay.calls[1].request.headers["X-EBAY-API-IAF-TOKEN"] == "user-token-2"


def test_warnings_are_a_success_and_stay_readable(client, ebay):
    content = error("21917", "Warning") + "<Item><ItemID>1</ItemID></Item>"
    ebay.post(URL, body=response("GetItem", content, ack="Warning"))
    reply = client.trading.get_item("1")
    assert (reply.ack, [w.error_id for w in reply.warnings]) == ("Warning", ["21917"])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body>Sorry</body></html>",
        "{}",
        response("GetOrders"),
        response("GetItem", ack="Perhaps"),
        f"<GetItemResponse {NAMESPACE}/>",
        response("GetItem")[:-5],
        '<!DOCTYPE x [<!ENTITY a "b">]>' + response("GetItem"),
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + response("GetItem"),
        response("GetItem", "<Item/>"),
    ],
)
def test_an_unreadable_answer_is_kept_not_taken_for_empty(client, ebay, body):
    body = body.replace('<?xml version="1.0" encoding="UTF-8"?>', "")
    ebay.post(URL, body=body)
    with pytest.raises(ContractError):
        client.trading.get_item("1")


def test_a_fault_of_the_server_in_html_is_transient(client, ebay):
    ebay.post(URL, status=502, body="<html>Bad gateway</html>")
    with pytest.raises(Transient):
        client.trading.get_item("1")


# --- writing ------------------------------------------------------------------------


def test_quantities_and_prices_are_sent_exactly(client, ebay):
    done = "<InventoryStatus><ItemID>1</ItemID><Quantity>5</Quantity></InventoryStatus>"
    ebay.post(URL, body=response("ReviseInventoryStatus", done))
    reply = client.trading.revise_inventory_status(
        [
            InventoryStatus("1", quantity=5),
            InventoryStatus("2", "S&<1>", 0, Decimal("9.90"), "EUR"),
        ]
    )
    assert reply["InventoryStatus"] == [{"ItemID": "1", "Quantity": "5"}]
    first, second = sent(ebay).findall("InventoryStatus")
    assert [child.tag for child in first] == ["ItemID", "Quantity"]
    assert second.findtext("SKU") == "S&<1>"
    assert second.findtext("Quantity") == "0"
    assert second.find("StartPrice").attrib == {"currencyID": "EUR"}
    assert second.findtext("StartPrice") == "9.90"


def test_ending_a_listing(client, ebay):
    ebay.post(URL, body=response("EndFixedPriceItem", "<EndTime>now</EndTime>"))
    assert client.trading.end_fixed_price_item("110")["EndTime"] == "now"
    assert sent(ebay).findtext("ItemID") == "110"
    assert sent(ebay).findtext("EndingReason") == "NotAvailable"
    with pytest.raises(InvalidArgument):
        client.trading.end_fixed_price_item("x")


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [InventoryStatus(str(n), quantity=1) for n in range(5)],
        [InventoryStatus("1", quantity=1), InventoryStatus("1", quantity=2)],
        [InventoryStatus("1")],
        [InventoryStatus("1", quantity=-1)],
        [InventoryStatus("x", quantity=1)],
        [InventoryStatus("1", price="9.90")],
        [InventoryStatus("1", price=9.9, currency="EUR")],
        [InventoryStatus("1", sku="a\x00b", quantity=1)],
    ],
)
def test_revisions_that_ebay_would_misread_are_not_sent(client, entries):
    with pytest.raises(InvalidArgument):
        client.trading.revise_inventory_status(entries)


def test_a_partial_failure_is_told_with_its_errors(client, ebay):
    done = "<InventoryStatus><ItemID>1</ItemID></InventoryStatus>" + error("21916750")
    ebay.post(URL, body=response("ReviseInventoryStatus", done, "PartialFailure"))
    reply = client.trading.revise_inventory_status(
        [InventoryStatus("1", quantity=1), InventoryStatus("2", quantity=1)]
    )
    assert reply.ack == "PartialFailure"
    assert [entry.error_id for entry in reply.errors] == ["21916750"]
    assert [entry["ItemID"] for entry in reply["InventoryStatus"]] == ["1"]


def test_a_tracking_number_is_corrected_once(client, ebay):
    ebay.post(URL, status=500)
    with pytest.raises(Transient) as caught:
        client.trading.complete_sale("12-3", [("DHL", "JD1"), ("GLS", "G2")])
    assert caught.value.outcome_unknown is True
    assert len(ebay.calls) == 1
    details = sent(ebay).findall("Shipment/ShipmentTrackingDetails")
    assert [one.findtext("ShipmentTrackingNumber") for one in details] == ["JD1", "G2"]
    assert [one.findtext("ShippingCarrierUsed") for one in details] == ["DHL", "GLS"]
    with pytest.raises(InvalidArgument):
        client.trading.complete_sale("12-3", [])


def test_a_read_only_client_revises_nothing(make_client, ebay):
    trading = make_client(read_only=True).trading
    with pytest.raises(WritesRefused):
        trading.revise_inventory_status([InventoryStatus("1", quantity=1)])
    with pytest.raises(WritesRefused):
        trading.complete_sale("1", [("DHL", "1")])
    assert len(ebay.calls) == 0


def test_values_without_a_place_in_xml_are_refused():
    for value in (1.5, object(), "\x07", b"x"):
        with pytest.raises(InvalidArgument):
            build_request("GetItem", {"A": value})


# --- lists --------------------------------------------------------------------------


def active(ids, pages, entries):
    items = "".join(f"<Item><ItemID>{n}</ItemID></Item>" for n in ids)
    return response(
        "GetMyeBaySelling",
        f"<ActiveList><ItemArray>{items}</ItemArray><PaginationResult>"
        f"<TotalNumberOfPages>{pages}</TotalNumberOfPages><TotalNumberOfEntries>"
        f"{entries}</TotalNumberOfEntries></PaginationResult></ActiveList>",
    )


def test_a_page_of_active_listings_keeps_its_counts_beside_the_wanted_fields(
    client, ebay
):
    ebay.post(URL, body=active([3], 2, 3))
    page = client.trading.get_my_ebay_selling(2, 2, ["ActiveList.ItemArray"])
    assert [i["ItemID"] for i in page["ActiveList"]["ItemArray"]["Item"]] == ["3"]
    assert sent(ebay).findtext("ActiveList/Pagination/PageNumber") == "2"
    selected = [element.text for element in sent(ebay).findall("OutputSelector")]
    assert selected == ["ActiveList.ItemArray", "PaginationResult", "HasMoreItems"]


def test_a_seller_list_goes_on_while_there_is_more(client, ebay):
    ebay.post(
        URL,
        body=response("GetSellerList", "<ItemArray/><HasMoreItems>true</HasMoreItems>"),
    )
    ebay.post(
        URL,
        body=response(
            "GetSellerList", "<ItemArray/><HasMoreItems>false</HasMoreItems>"
        ),
    )
    window = (NOW, NOW + timedelta(days=31))
    pages = list(client.trading.seller_list_pages(end=window))
    assert [page["ItemArray"] for page in pages] == [{"Item": []}, {"Item": []}]
    assert sent(ebay).findtext("EndTimeTo") == "2026-12-21T12:00:00.000Z"


@pytest.mark.parametrize(
    "windows",
    [
        {},
        {"start": (NOW, NOW + timedelta(days=120))},
        {"start": (NOW, NOW)},
        {"start": (NOW, NOW + timedelta(1)), "end": (NOW, NOW + timedelta(1))},
    ],
)
def test_seller_list_windows_that_ebay_refuses_are_not_sent(client, windows):
    with pytest.raises(InvalidArgument):
        list(client.trading.seller_list_pages(**windows))


def test_a_long_event_window_is_cut_into_pieces_without_a_gap(client, ebay):
    ebay.post(URL, body=response("GetSellerEvents", "<ItemArray/>"))
    list(client.trading.event_windows((NOW, NOW + timedelta(hours=100))))
    windows = [
        (sent(ebay, n).findtext("ModTimeFrom"), sent(ebay, n).findtext("ModTimeTo"))
        for n in range(len(ebay.calls))
    ]
    assert len(windows) == 3
    assert windows[0][0] == "2026-11-20T12:00:00.000Z"
    assert windows[-1][1] == "2026-11-24T16:00:00.000Z"
    assert [end for _, end in windows[:-1]] == [start for start, _ in windows[1:]]


def test_a_full_event_window_is_halved_and_asked_again(client, ebay):
    full = "<ItemArray>" + "<Item><ItemID>1</ItemID></Item>" * 3000 + "</ItemArray>"
    ebay.post(URL, body=response("GetSellerEvents", full))
    few = response("GetSellerEvents", "<ItemArray><Item/></ItemArray>")
    ebay.post(URL, body=few)
    ebay.post(URL, body=few)
    pieces = list(client.trading.event_windows((NOW, NOW + timedelta(hours=2))))
    assert len(pieces) == 2
    assert sent(ebay, 1).findtext("ModTimeTo") == "2026-11-20T13:00:00.000Z"
    assert sent(ebay, 2).findtext("ModTimeFrom") == "2026-11-20T13:00:00.000Z"


def test_more_changes_in_a_second_than_ebay_lists_have_a_name(client, ebay):
    full = "<ItemArray>" + "<Item><ItemID>1</ItemID></Item>" * 3000 + "</ItemArray>"
    ebay.post(URL, body=response("GetSellerEvents", full))
    with pytest.raises(TooManyChanges):
        list(client.trading.event_windows((NOW, NOW + timedelta(seconds=1))))


@pytest.mark.parametrize(
    ("sent_title", "title"),
    [
        ("Lamp &#x1F600;", "Lamp \U0001f600"),
        ("Lamp\x0b\x00", "Lamp"),
        ("Lamp&#0;&#x1f;&#xFFFFFFFF;", "Lamp"),
        ("Lamp &#55357;&#56832;", "Lamp \U0001f600"),
        ("Lamp &#xD83D;&#xDE00;", "Lamp \U0001f600"),
        ("Lamp &#xD83D; &#56832;", "Lamp"),
        (b"Lamp \xed\xa0\xbd\xed\xb8\x80", "Lamp \U0001f600"),
        (b"Lamp \xff\xfe", "Lamp \ufffd\ufffd"),
    ],
)
def test_one_odd_title_does_not_spoil_the_page(client, ebay, sent_title, title):
    raw = sent_title if isinstance(sent_title, bytes) else sent_title.encode()
    page = active([1, 2], 1, 2)
    page = page if isinstance(page, bytes) else page.encode()
    page = page.replace(b"</ItemID>", b"</ItemID><Title>" + raw + b"</Title>", 1)
    ebay.post(URL, body=page)
    reply = client.trading.get_my_ebay_selling()
    first, second = reply["ActiveList"]["ItemArray"]["Item"]
    assert (first["Title"].strip(), second["ItemID"]) == (title, "2")


def test_word_lists_are_lists_even_with_one_entry(client, ebay):
    one = (
        "<ShippingCarrierDetails><ShippingCarrier>DHL</ShippingCarrier>"
        "</ShippingCarrierDetails>"
    )
    ebay.post(URL, body=response("GeteBayDetails", one))
    reply = client.trading.get_ebay_details("ShippingCarrierDetails")
    assert reply["ShippingCarrierDetails"] == [{"ShippingCarrier": "DHL"}]
    assert sent(ebay).findtext("DetailName") == "ShippingCarrierDetails"
    with pytest.raises(InvalidArgument):
        client.trading.get_ebay_details()


def test_orders_come_in_pages_with_who_bought(client, ebay):
    page = (
        "<OrderArray><Order><OrderID>1-1</OrderID><EIASToken>nY+x==</EIASToken>"
        "</Order></OrderArray><HasMoreOrders>{}</HasMoreOrders>"
    )
    for more in ("true", "false"):
        ebay.post(URL, body=response("GetOrders", page.format(more)))
    window = (NOW - timedelta(days=1), NOW)
    replies = list(client.trading.order_pages(window, output=("X",)))
    refs = [reply["OrderArray"]["Order"][0]["OrderID"] for reply in replies]
    assert refs == ["1-1"] * 2
    assert sent(ebay).findtext("Pagination/PageNumber") == "2"
    assert sent(ebay).findtext("CreateTimeFrom") == "2026-11-19T12:00:00.000Z"
    with pytest.raises(InvalidArgument):
        next(client.trading.order_pages((NOW - timedelta(days=91), NOW)))


def test_a_token_that_stays_rejected_means_reconnect(client, ebay):
    ebay.post(URL, body=response("GetItem", error("931"), ack="Failure"))
    with pytest.raises(AuthError) as caught:
        client.trading.get_item("1")
    assert caught.value.refreshable is False
    assert len(ebay.calls) == 2
