"""Listings of Trading and of the report -> what is known of each sellable thing."""

from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from mapping.listings.listing import (
    active_total,
    guess_marketplace,
    map_active_page,
    map_item,
    map_items,
    secure_urls,
)
from mapping.listings.report import map_report
from mapping.listings.variation import LONGEST_KEY, variation_key
from mapping.stock_prices.feed import latest_task
from mapping.values.errors import MappingError
from mapping.values.gtin import clean_gtin


def item(**more):
    return {"ItemID": "110001", "Title": "Lamp", **more}


def only_unit(answer):
    [unit] = map_item({"Item": answer}).units
    return unit


def priced(value="9.90", currency="EUR"):
    return {"CurrentPrice": {"value": value, "currencyID": currency}}


@dataclass
class Row:
    item_id: str
    sku: str
    price: str = "1.50"
    currency: str = "EUR"
    quantity: str = "4"
    is_variation: bool = False
    aspects: tuple = ()


def test_an_item_in_full():
    unit = only_unit(
        item(
            SKU="L-1",
            ListingType="FixedPriceItem",
            Site="UK",
            Quantity="10",
            ConditionID="1000",
            SellingStatus={
                **priced("12.50", "GBP"),
                "QuantitySold": "4",
                "ListingStatus": "Active",
            },
            PrimaryCategory={
                "CategoryID": "20706",
                "CategoryName": "Home: Light :Lamps",
            },
            PictureDetails={"PictureURL": ["https://i.ebayimg.com/1.jpg", "ftp://x"]},
            ItemSpecifics={
                "NameValueList": [
                    {"Name": "Brand", "Value": ["Lumo"]},
                    {"Name": "", "Value": ["nameless"]},
                    {"Name": "Colour", "Value": "Red"},
                ]
            },
            ProductListingDetails={"EAN": "Does not apply", "UPC": "036000291452"},
            ShippingPackageDetails={
                "WeightMajor": {"value": "1", "unit": "lbs"},
                "WeightMinor": {"value": "8", "unit": "oz"},
            },
        )
    )
    assert unit.sku == "L-1" and unit.variation_ref == ""
    assert unit.facts == {
        "title": "Lamp",
        "state": "ACTIVE",
        "format": "FIXED_PRICE",
        "marketplace": "EBAY_GB",
        "condition": "NEW",
        "category_ref": "20706",
        "category_path": "Home / Light / Lamps",
        "picture_urls": ["https://i.ebayimg.com/1.jpg"],
        "item_specifics": {"Brand": ["Lumo"], "Colour": ["Red"]},
        "barcode": "036000291452",
        "weight": Decimal("0.6804"),
        "price": Decimal("12.50"),
        "currency": "GBP",
        "quantity": 6,
    }


def test_what_a_source_does_not_tell_is_left_out():
    assert only_unit({"ItemID": "1"}).facts == {}


@pytest.mark.parametrize(
    ("fields", "available"),
    [
        ({"QuantityAvailable": "3", "Quantity": "9"}, 3),
        ({"Quantity": "9"}, 9),
        ({"Quantity": "9", "SellingStatus": {"QuantitySold": "11"}}, 0),
        ({"Quantity": "many"}, None),
        ({"Quantity": "-1"}, None),
    ],
)
def test_available_is_what_a_buyer_can_buy(fields, available):
    assert only_unit(item(**fields)).facts.get("quantity") == available


def test_without_stock_an_active_listing_is_out_of_stock():
    unit = only_unit(
        item(QuantityAvailable="0", SellingStatus={"ListingStatus": "Active"})
    )
    assert unit.facts["state"] == "OUT_OF_STOCK"


def test_an_ended_listing_says_when():
    unit = only_unit(
        item(
            SellingStatus={"ListingStatus": "Completed"},
            ListingDetails={"EndTime": "2026-03-01T10:00:00.000Z"},
        )
    )
    assert unit.facts["state"] == "ENDED"
    assert unit.facts["ended_at"] == datetime(2026, 3, 1, 10, tzinfo=timezone.utc)


def test_an_unknown_status_is_kept_as_ebay_wrote_it():
    unit = only_unit(item(SellingStatus={"ListingStatus": "CustomCode"}))
    assert unit.facts["state"] == "CustomCode"


def test_each_variation_is_a_unit_with_its_own_numbers():
    specifics = {"NameValueList": [{"Name": "Size", "Value": ["M"]}]}
    snapshot = map_item(
        {
            "Item": item(
                SKU="PARENT",
                Variations={
                    "Variation": [
                        {
                            "SKU": "M-1",
                            "Quantity": "5",
                            "StartPrice": {"value": "3.00", "currencyID": "EUR"},
                            "SellingStatus": {"QuantitySold": "2"},
                            "VariationSpecifics": specifics,
                            "VariationProductListingDetails": {"EAN": "4006381333931"},
                        },
                        {"Quantity": "1", "VariationSpecifics": {"NameValueList": []}},
                    ]
                },
            )
        }
    )
    first, second = snapshot.units
    assert (first.sku, first.variation_ref) == ("M-1", "size=m")
    assert first.facts["quantity"] == 3
    assert first.facts["price"] == Decimal("3.00")
    assert first.facts["barcode"] == "4006381333931"
    assert first.facts["variation_aspects"] == [["Size", "M"]]
    assert (second.sku, second.variation_ref) == ("", "")
    assert snapshot.complete


def test_a_page_keeps_the_readable_listings():
    page = {
        "ActiveList": {
            "ItemArray": {"Item": [item(), {"Title": "no id"}, "nonsense"]},
            "PaginationResult": {
                "TotalNumberOfEntries": "3",
                "TotalNumberOfPages": "1",
            },
        }
    }
    snapshots, notes = map_active_page(page)
    assert [snapshot.listing_ref for snapshot in snapshots] == ["110001"]
    assert snapshots[0].units[0].facts["state"] == "ACTIVE"
    assert "unusable" in {note.code for note in notes}
    assert active_total(page) == (3, 1)


def test_an_empty_shop_has_no_list_at_all():
    assert map_active_page({}) == ([], [])
    assert active_total({}) == (0, 0)


def test_a_list_without_totals_is_an_error():
    with pytest.raises(MappingError):
        active_total({"ActiveList": {"ItemArray": {"Item": []}}})


@pytest.mark.parametrize("junk", [None, "x", 5, [], {"Item": "x"}, {"Item": [None, 7]}])
def test_junk_in_the_place_of_a_list_is_no_listing(junk):
    assert map_items({"ItemArray": junk})[0] == []


def test_an_item_without_id_is_an_error():
    with pytest.raises(MappingError):
        map_item({"Item": {"Title": "x"}})


# -- the report ----------------------------------------------------------------


def test_a_report_gives_listings_with_their_variations():
    rows = [
        Row("1", "A"),
        Row("2", "B-1", is_variation=True),
        Row("2", "B-2", quantity="0", is_variation=True),
        Row("3", "", price="?"),
    ]
    first, second, third = map_report(rows)
    assert first.units[0].facts == {
        "state": "ACTIVE",
        "is_variation": False,
        "price": Decimal("1.50"),
        "currency": "EUR",
        "quantity": 4,
        "format": "FIXED_PRICE",
    }
    assert [unit.sku for unit in second.units] == ["B-1", "B-2"]
    assert second.units[1].facts["state"] == "OUT_OF_STOCK"
    assert third.units[0].sku == "" and "price" not in third.units[0].facts


def test_variations_that_a_report_cannot_tell_apart_are_left_out():
    [snapshot] = map_report(
        [
            Row("2", "B-1", is_variation=True),
            Row("2", "", is_variation=True),
            Row("2", "B-1", is_variation=True),
            Row("2", "B-2", is_variation=True),
        ]
    )
    assert [unit.sku for unit in snapshot.units] == ["B-2"]
    assert snapshot.nameless and not snapshot.complete


def test_aspects_tell_variations_apart_where_skus_do_not():
    red, blue = (("Colour", "Red"),), (("Colour", "  Blue\x00 "),)
    [snapshot] = map_report(
        [
            Row("2", "", is_variation=True, aspects=red),
            Row("2", "", is_variation=True, aspects=blue),
            Row("2", "B-1", is_variation=True, aspects=red),
        ]
    )
    assert [(unit.sku, unit.variation_ref) for unit in snapshot.units] == [
        ("", "colour=red"),
        ("", "colour=blue"),
        ("B-1", ""),
    ]
    assert snapshot.units[1].facts["variation_aspects"] == [["Colour", "Blue"]]
    assert not snapshot.nameless


def test_the_ordered_task_is_the_newest_since_then():
    since = datetime(2026, 1, 1, tzinfo=timezone.utc)
    tasks = [
        {"taskId": "old", "creationDate": "2025-12-31T23:59:59.000Z"},
        {"taskId": "mine", "creationDate": "2026-01-01T00:00:01.000Z"},
        {"taskId": "odd", "creationDate": "yesterday"},
    ]
    assert latest_task(tasks, since) == "mine"
    assert latest_task(tasks[:1], since) is None


# -- small things --------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("4006381333931", "4006381333931"),
        ("4006381333932", None),
        ("0-306-40615-2", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("Nicht zutreffend", None),
        ("00000000", None),
        ("", None),
        (None, None),
        (4006381333931, None),
        ("9" * 100, None),
    ],
)
def test_a_barcode_has_a_right_check_digit(raw, clean):
    assert clean_gtin(raw) == clean


def test_a_variation_is_the_same_whatever_the_order_and_case():
    one = variation_key([("Size", "M"), ("Colour", "Dark  Red")])
    assert one == variation_key([("COLOUR", "dark red"), ("size", "m")])
    assert one == "colour=dark red|size=m"
    assert variation_key([]) == ""


def test_very_long_variations_stay_apart():
    keys = {variation_key([("Text", "x" * 300 + end)]) for end in ("a", "b")}
    assert len(keys) == 2
    assert all(len(key) <= LONGEST_KEY for key in keys)


def test_separators_inside_a_value_cannot_forge_another_variation():
    assert variation_key([("A", "1|b=2")]) != variation_key([("A", "1"), ("B", "2")])


def test_only_plain_https_addresses_are_pictures():
    urls = ["https://a/1.jpg", "http://a/2.jpg", "https://ä/3", None, "https://a/1.jpg"]
    assert secure_urls(urls) == ["https://a/1.jpg"]


@pytest.mark.parametrize(
    ("currency", "served", "code"),
    [
        ("EUR", [("EBAY_DE", "EUR"), ("EBAY_PL", "PLN")], "EBAY_DE"),
        ("EUR", [("EBAY_DE", "EUR"), ("EBAY_AT", "EUR")], None),
        ("USD", [("EBAY_DE", "EUR")], None),
        (None, [("EBAY_DE", "EUR")], "EBAY_DE"),
        ("EUR", [], None),
    ],
)
def test_the_only_marketplace_with_the_currency(currency, served, code):
    assert guess_marketplace(currency, served) == code
