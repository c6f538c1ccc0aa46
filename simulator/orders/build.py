"""An order document, from lines, buyer and circumstances.

Shapes and amounts follow sell_fulfillment_v1 and answers seen live: ``totalDueSeller``
is net of eBay's fee; totals leave out what eBay collects for the tax office.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..clock import to_text
from ..listings.records import Listing, Unit
from .money import amount, cents
from .taxes import collected_tax

if TYPE_CHECKING:
    from ..world import World

_FEE_SHARE = Decimal("0.11")
_FEE_FIXED = Decimal("0.35")
_SERVICES = {
    "EBAY_DE": ("DHL", "DE_DHLPaket"),
    "EBAY_PL": ("Other", "PL_DomesticRegular"),
    "EBAY_GB": ("RoyalMail", "UK_RoyalMailSecondClassStandard"),
    "EBAY_US": ("USPS", "USPSPriority"),
    "EBAY_FR": ("Colissimo", "FR_ColiposteColissimo"),
    "EBAY_IT": ("PosteItaliane", "IT_RegularPackage"),
    "EBAY_ES": ("Correos", "ES_CorreosDeEspanaPaqueteAzul"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing bought: which unit of which listing, how many."""

    listing: Listing
    unit: Unit
    quantity: int

    @property
    def cost(self) -> Decimal:
        """Price of all units."""
        return self.unit.price * self.quantity


@dataclass(frozen=True, slots=True)
class Purchase:
    """What decides an order. ``shipping`` is of the first line, each further line
    adds a quarter of it; ``discount`` is a share of the line cost."""

    seller: str
    lines: list[Line]
    person: dict[str, Any]
    created: datetime
    shipping: Decimal = Decimal("4.99")
    discount: Decimal = Decimal()
    note: str | None = None
    kind: str = "ship"
    origin: str = "DE"
    extra: dict[str, Any] = field(default_factory=dict)
    """Top-level fields that replace the built ones."""

    @property
    def currency(self) -> str:
        """The currency of the listings."""
        return self.lines[0].listing.currency

    @property
    def marketplace(self) -> str:
        """Where it was bought."""
        return self.lines[0].listing.marketplace


def build_order(world: World, purchase: Purchase) -> dict[str, Any]:
    """The order, unpaid; :func:`simulator.orders.lifecycle.mark_paid` pays it."""
    created = to_text(purchase.created)
    order_id = world.ids.order_id()
    lines = [
        _line(world, purchase, line, position)
        for position, line in enumerate(purchase.lines)
    ]
    pricing = _pricing(purchase, lines)
    total = Decimal(pricing["total"]["value"])
    fee = cents(total * _FEE_SHARE + _FEE_FIXED)
    currency = purchase.currency
    due = amount(total - fee, currency)
    order: dict[str, Any] = {
        "orderId": order_id,
        "legacyOrderId": order_id,
        "creationDate": created,
        "lastModifiedDate": created,
        "orderFulfillmentStatus": "NOT_STARTED",
        "orderPaymentStatus": "PENDING",
        "sellerId": purchase.seller,
        "buyer": purchase.person["buyer"],
        "pricingSummary": pricing,
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "paymentSummary": {
            "totalDueSeller": due,
            "refunds": [],
            "payments": [
                {"paymentMethod": "EBAY", "amount": due, "paymentStatus": "PENDING"}
            ],
        },
        "fulfillmentStartInstructions": [_instruction(purchase)],
        "fulfillmentHrefs": [],
        "lineItems": lines,
        "salesRecordReference": str(world.ids.count("sale") + 1000),
        "totalFeeBasisAmount": amount(total, currency),
        "totalMarketplaceFee": amount(fee, currency),
    }
    if purchase.note:
        order["buyerCheckoutNotes"] = purchase.note
    if any("ebayCollectAndRemitTaxes" in line for line in lines):
        order["ebayCollectAndRemitTax"] = True
    return order | purchase.extra


def _line(
    world: World, purchase: Purchase, line: Line, position: int
) -> dict[str, Any]:
    currency = purchase.currency
    shipping = purchase.shipping if position == 0 else cents(purchase.shipping / 4)
    if purchase.kind == "digital":
        shipping = Decimal()
    off = cents(line.cost * purchase.discount)
    listing, unit = line.listing, line.unit
    document: dict[str, Any] = {
        "lineItemId": world.ids.digits("line", 14),
        "legacyItemId": listing.item_id,
        "title": listing.title,
        "lineItemCost": amount(line.cost, currency),
        "quantity": line.quantity,
        "soldFormat": listing.format,
        "listingMarketplaceId": listing.marketplace,
        "purchaseMarketplaceId": listing.marketplace,
        "lineItemFulfillmentStatus": "NOT_STARTED",
        "total": amount(line.cost - off + shipping, currency),
        "deliveryCost": {"shippingCost": amount(shipping, currency)},
        "appliedPromotions": [],
        "taxes": [{"amount": amount(Decimal(), currency)}] if position % 2 else [],
        "refunds": [],
        "properties": {"buyerProtection": True},
        "lineItemFulfillmentInstructions": _dates(purchase.created),
        "itemLocation": {
            "location": listing.document.get("location", ""),
            "countryCode": _origin(purchase, line),
            "postalCode": listing.document.get("postal_code", ""),
        },
    }
    if unit.sku is not None:
        document["sku"] = unit.sku
    if unit.variation_id is not None:
        document["legacyVariationId"] = unit.variation_id
        document["variationAspects"] = [
            {"name": name, "value": value} for name, value in unit.aspects.items()
        ]
    if off:
        document["discountedLineItemCost"] = amount(line.cost - off, currency)
        document["appliedPromotions"] = [
            {
                "discountAmount": amount(off, currency),
                "promotionId": world.ids.digits("promotion", 10),
                "description": "Sale",
            }
        ]
    return document | _collected(purchase, line, line.cost - off + shipping)


def _origin(purchase: Purchase, line: Line) -> str:
    return str(line.listing.document.get("country") or purchase.origin)


def _collected(purchase: Purchase, line: Line, taxable: Decimal) -> dict[str, Any]:
    address = purchase.person["contact"]["contactAddress"]
    region = address.get("stateOrProvince", "")
    origin = _origin(purchase, line)
    tax = collected_tax(origin, address["countryCode"], region, line.cost)
    if tax is None:
        return {}
    value = amount(cents(taxable * tax.rate), purchase.currency)
    entry: dict[str, Any] = {"taxType": tax.kind, "amount": value}
    found = {"taxes": [dict(entry)]}
    entry["collectionMethod"] = "NET"
    if tax.reference is not None:
        name, number = tax.reference
        entry["ebayReference"] = {"name": name, "value": number}
    return found | {"ebayCollectAndRemitTaxes": [entry]}


def _pricing(purchase: Purchase, lines: list[dict[str, Any]]) -> dict[str, Any]:
    currency = purchase.currency
    subtotal = sum((line.cost for line in purchase.lines), Decimal())
    shipping = sum(
        (Decimal(line["deliveryCost"]["shippingCost"]["value"]) for line in lines),
        Decimal(),
    )
    total = sum((Decimal(line["total"]["value"]) for line in lines), Decimal())
    summary = {
        "priceSubtotal": amount(subtotal, currency),
        "deliveryCost": amount(shipping, currency),
        "total": amount(total, currency),
    }
    off = subtotal + shipping - total
    if off:
        summary["priceDiscount"] = amount(-off, currency)
    return summary


def _dates(created: datetime) -> dict[str, Any]:
    return {
        "minEstimatedDeliveryDate": to_text(created + timedelta(days=3)),
        "maxEstimatedDeliveryDate": to_text(created + timedelta(days=6)),
        "shipByDate": to_text(created + timedelta(days=2)),
        "guaranteedDelivery": False,
    }


def _instruction(purchase: Purchase) -> dict[str, Any]:
    """Where to: to the buyer, to eBay's hub, to the shop, or nowhere (digital)."""
    if purchase.kind == "digital":
        return {"fulfillmentInstructionsType": "DIGITAL"}
    if purchase.kind == "pickup":
        return {
            "fulfillmentInstructionsType": "PREPARE_FOR_PICKUP",
            "pickupStep": {"merchantLocationKey": "main-store"},
        }
    dates = _dates(purchase.created)
    carrier, service = _SERVICES.get(purchase.marketplace, ("Other", "Other"))
    step = {
        "shipTo": purchase.person["contact"],
        "shippingCarrierCode": carrier,
        "shippingServiceCode": service,
    }
    instruction = {
        "fulfillmentInstructionsType": "SHIP_TO",
        "minEstimatedDeliveryDate": dates["minEstimatedDeliveryDate"],
        "maxEstimatedDeliveryDate": dates["maxEstimatedDeliveryDate"],
        "shippingStep": step,
    }
    if purchase.kind == "hub":
        home = purchase.person["contact"]["contactAddress"]
        step |= {"shipTo": _HUB, "shipToReferenceId": f"4{purchase.created:%y%j%H%M%S}"}
        instruction |= {
            "ebaySupportedFulfillment": True,
            "finalDestinationAddress": home,
        }
    return instruction


_HUB = {
    "fullName": "eBay International Shipping Hub",
    "contactAddress": {
        "addressLine1": "Unit 9 Frontier Park",
        "city": "Daventry",
        "postalCode": "NN11 8PE",
        "countryCode": "GB",
    },
    "primaryPhone": {"phoneNumber": "+44 1327 000000"},
}
KINDS = ("ship", "hub", "pickup", "digital")
