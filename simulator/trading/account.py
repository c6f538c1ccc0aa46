"""Trading calls about the seller, orders and eBay's own word lists."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from ..errors import EbayError
from ..listings import preferences
from ..orders import shipping
from ..orders.book import Record
from ..reference.marketplaces import BY_SITE_ID
from .frame import Request, TradingError, invalid_input

_CARRIERS = (
    ("DHL", "DHL"),
    ("DPD", "DPD"),
    ("Hermes", "Hermes"),
    ("GLS", "GLS"),
    ("UPS", "UPS"),
    ("FedEx", "FedEx"),
    ("DeutschePost", "Deutsche Post"),
    ("InPost", "InPost"),
    ("PocztaPolska", "Poczta Polska"),
    ("RoyalMail", "Royal Mail"),
    ("USPS", "U.S. Postal Service"),
    ("Other", "Other"),
)
_SERVICES = {
    "DE": (("DE_DHLPaket", "DHL Paket"), ("DE_HermesPaket", "Hermes Paket")),
    "PL": (("PL_DomesticOther", "Inna przesyłka"), ("PL_InPost", "InPost")),
    "GB": (("UK_RoyalMailSecondClassStandard", "Royal Mail 2nd Class"),),
    "US": (("USPSPriority", "USPS Priority Mail"), ("UPSGround", "UPS Ground")),
}
_DOES_NOT_APPLY = {"de": "Nicht zutreffend", "pl": "Nie dotyczy"}


def get_user_preferences(request: Request) -> dict[str, Any]:
    """The out-of-stock preference, when it is asked for."""
    if not request.flag("ShowOutOfStockControlPreference"):
        return {}
    switched_on = preferences.out_of_stock_control(
        request.world.database, request.seller
    )
    return {"OutOfStockControlPreference": switched_on}


def set_user_preferences(request: Request) -> dict[str, Any]:
    """Switch out-of-stock control; listings at zero now end at their next change."""
    if request.text("OutOfStockControlPreference") is not None:
        preferences.put(
            request.world.database,
            request.seller,
            "out_of_stock_control",
            request.flag("OutOfStockControlPreference"),
        )
    return {}


def get_ebay_details(request: Request) -> dict[str, Any]:
    """The lists named by DetailName, of the site in the header; all when none is."""
    lists = {
        "ShippingCarrierDetails": _carriers,
        "ShippingServiceDetails": _services,
        "SiteDetails": _sites,
        "ProductDetails": _product,
    }
    names = [(one.text or "").strip() for one in request.find_all("DetailName")]
    for name in names:
        if name not in lists:
            raise invalid_input("DetailName")
    return {name: lists[name](request) for name in names or lists}


def _carriers(request: Request) -> list[dict[str, Any]]:
    return [
        {"ShippingCarrierID": number, "Description": text, "ShippingCarrier": code}
        for number, (code, text) in enumerate(_CARRIERS, start=1)
    ]


def _services(request: Request) -> list[dict[str, Any]]:
    rows = _SERVICES.get(request.place.country, (("Other", "Other"),))
    return [
        {
            "Description": text,
            "ShippingService": code,
            "ShippingServiceID": number,
            "ShippingTimeMax": 3,
            "ShippingTimeMin": 1,
            "ServiceType": "Flat",
            "ValidForSellingFlow": True,
        }
        for number, (code, text) in enumerate(rows, start=1)
    ]


def _sites(request: Request) -> list[dict[str, Any]]:
    return [
        {"Site": place.site_name, "SiteID": site_id}
        for site_id, place in BY_SITE_ID.items()
    ]


def _product(request: Request) -> dict[str, Any]:
    text = _DOES_NOT_APPLY.get(request.place.language, "Does not apply")
    return {"ProductIdentifierUnavailableText": text}


def complete_sale(request: Request) -> dict[str, Any]:
    """Mark an order as sent, with tracking or without; tracking replaces what was.

    Raises TradingError 21917182 for an order that is not the seller's.
    """
    record = _order(request)
    if request.text("Shipped") is not None and not request.flag("Shipped"):
        shipping.replace_parcels(request.world, record, [])
        return {}
    details = request.find_all("Shipment/ShipmentTrackingDetails")
    lines = [
        {"lineItemId": line["lineItemId"], "quantity": line.get("quantity", 1)}
        for line in record["order"]["lineItems"]
    ]
    parcels = [
        {"lineItems": lines, **_parcel(request, one)} for one in details or [None]
    ]
    try:
        shipping.replace_parcels(request.world, record, parcels)
    except EbayError as error:
        raise TradingError(37, error.error["message"]) from error
    return {}


def _order(request: Request) -> Record:
    order_id = request.text("OrderID")
    orders = request.world.orders
    if order_id is None:
        order_id = _order_of_line(request)
    record = orders.get(order_id, request.seller)
    if record is None:
        raise TradingError(
            21917182, "Invalid order id. There is no such order.", parameters=[order_id]
        )
    return record


def _order_of_line(request: Request) -> str:
    """The order with the ItemID and TransactionID, or the OrderLineItemID, given."""
    item_id = request.text("ItemID")
    line_id = request.text("TransactionID")
    if line_id is None and request.text("OrderLineItemID"):
        item_id, _, line_id = str(request.text("OrderLineItemID")).partition("-")
    for record in request.world.orders.records():
        for line in record["order"]["lineItems"]:
            if (line.get("legacyItemId"), line["lineItemId"]) == (item_id, line_id):
                return record["order"]["orderId"]
    raise invalid_input("OrderID")


def _parcel(request: Request, given: Element | None) -> dict[str, Any]:
    if given is None:
        return {}
    return {
        "trackingNumber": request.text("ShipmentTrackingNumber", given),
        "shippingCarrierCode": request.text("ShippingCarrierUsed", given),
    }
