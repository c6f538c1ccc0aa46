"""One line of an eBay order: what was sold, at which price, with which delivery cost.

Source: Fulfillment API, type LineItem. ``lineItemCost`` is the price of all units
before discounts, ``discountedLineItemCost`` (only when discounted) after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ..listings.variation import variation_key
from ..values.errors import MappingError
from ..values.money import ZERO, Money, parse_decimal, unit_price
from ..values.reader import Node
from ..values.text import CITY, CODE, NAME, POSTAL_CODE, TITLE
from .address import read_country
from .payment import Refund, map_line_refund
from .tax import LineTaxes, map_line_taxes

MOST_LINES = 1000
MOST_UNITS = 10**9
FULFILLMENT_STATUSES = frozenset(("NOT_STARTED", "IN_PROGRESS", "FULFILLED"))
SOLD_FORMATS = frozenset(
    ("AUCTION", "FIXED_PRICE", "OTHER", "SECOND_CHANCE_OFFER", "UNKNOWN")
)


@dataclass(frozen=True, slots=True)
class LineDelivery:
    """What delivering this line costs the buyer, in the currency of the order.

    ``import_charges`` and ``intermediation_fee`` go to the provider of eBay's
    international shipping, not to the seller. ``discount`` is zero or negative.
    """

    shipping: Decimal = ZERO
    handling: Decimal = ZERO
    discount: Decimal = ZERO
    import_charges: Decimal = ZERO
    intermediation_fee: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """The seller's part before discount."""
        return self.shipping + self.handling

    @property
    def forwarding(self) -> Decimal:
        """The part of eBay's shipping provider."""
        return self.import_charges + self.intermediation_fee


@dataclass(frozen=True, slots=True)
class Promotion:
    """A sales promotion of the seller that was applied to the line."""

    description: str | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Gift:
    """For whom a digital gift card is; gone after 90 days."""

    message: str | None
    sender_name: str | None


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A line of another order that belongs to this one (tyres and their fitting)."""

    order_ref: str | None
    line_item_ref: str | None
    seller_ref: str | None
    title: str | None
    tracking: tuple[tuple[str | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line item. Amounts are Decimals in the currency of the order.

    ``unit_price * quantity + rounding == subtotal`` (before discount); ``discount`` is
    zero or negative. ``listing_ref`` is eBay's item id, ``title`` may be that id
    while the listing is on hold. ``variation_ref`` is the key of its aspects
    (``mapping.listings.variation``), '' without any.
    """

    line_item_ref: str
    listing_ref: str | None
    variation_ref: str
    sku: str | None
    title: str | None
    quantity: int
    unit_price: Decimal
    rounding: Decimal
    subtotal: Decimal
    discount: Decimal
    delivery: LineDelivery
    taxes: LineTaxes
    collected_charges: Decimal
    ebay_total: Money | None
    promotions: tuple[Promotion, ...]
    refunds: tuple[Refund, ...]
    variation_aspects: tuple[tuple[str, str], ...]
    sold_format: str | None
    listing_marketplace: str | None
    purchase_marketplace: str | None
    fulfillment_status: str | None
    ship_by_at: datetime | None
    delivery_from_at: datetime | None
    delivery_until_at: datetime | None
    item_country: str | None
    item_postal_code: str | None
    item_location: str | None
    gift: Gift | None
    linked_lines: tuple[LinkedLine, ...]
    compatibility: tuple[tuple[str, str], ...]
    from_best_offer: bool
    via_ad_campaign: bool
    buyer_protection: bool

    @property
    def is_fully_refunded(self) -> bool:
        """Whether all that the line's goods cost was given back, delivery apart.

        Less than that may be goodwill: the buyer still waits for the goods.
        """
        returned = sum((one.amount.value for one in self.refunds if one.amount), ZERO)
        return bool(self.refunds) and returned >= self.subtotal + self.discount


def map_lines(order: Node) -> tuple[OrderLine, ...]:
    """Give the lines of the order; raises MappingError when one is unusable."""
    raw = order.data.get("lineItems")
    if not isinstance(raw, list) or not raw:
        raise order.error("lineItems", "an order without a line")
    if len(raw) > MOST_LINES:
        raise order.error("lineItems", f"more than {MOST_LINES} lines")
    for index, entry in enumerate(raw):
        if not isinstance(entry, dict):
            raise MappingError(f"{order.path}.lineItems[{index}]", entry, "not a line")
    nodes = order.children("lineItems", MOST_LINES)
    order.reading.currency = _currency(nodes[0])
    lines = []
    seen: set[str] = set()
    for node in nodes:
        line = _line(node)
        if line.line_item_ref in seen:
            raise node.error("lineItemId", "two lines with the same identifier")
        seen.add(line.line_item_ref)
        lines.append(line)
    return tuple(lines)


def _currency(first: Node) -> str:
    """The first line's cost decides in which currency the order is booked."""
    cost = first.child("lineItemCost").data.get("currency")
    text = cost.strip().upper() if isinstance(cost, str) else ""
    if len(text) != 3 or not (text.isascii() and text.isalpha()):
        raise MappingError(
            f"{first.path}.lineItemCost.currency",
            cost,
            "not a currency code of three letters",
        )
    return text


def _line(node: Node) -> OrderLine:
    quantity = _quantity(node)
    subtotal = node.booked("lineItemCost")
    if subtotal is None:
        raise node.error("lineItemCost", "a line without a cost")
    if subtotal < 0:
        raise node.error("lineItemCost", "a negative cost")
    unit, rounding = unit_price(subtotal, quantity, node.reading.currency)
    properties = node.child("properties")
    dates = node.child("lineItemFulfillmentInstructions")
    location = node.child("itemLocation")
    listing_ref, title = _listing_and_title(node)
    aspects = _pairs(node, "variationAspects", "name", "value")
    return OrderLine(
        line_item_ref=node.required_identifier("lineItemId"),
        listing_ref=listing_ref,
        variation_ref=variation_key(aspects),
        sku=node.identifier("sku"),
        title=title,
        quantity=quantity,
        unit_price=unit,
        rounding=rounding,
        subtotal=subtotal,
        discount=_discount(node, subtotal),
        delivery=_delivery(node.child("deliveryCost")),
        taxes=map_line_taxes(node),
        collected_charges=_collected_charges(node.child("ebayCollectedCharges")),
        ebay_total=node.money("total"),
        promotions=tuple(
            Promotion(
                promotion.line("description", TITLE),
                promotion.money("discountAmount"),
            )
            for promotion in node.children("appliedPromotions")
        ),
        refunds=tuple(map_line_refund(refund) for refund in node.children("refunds")),
        variation_aspects=aspects,
        sold_format=node.enum("soldFormat", SOLD_FORMATS),
        listing_marketplace=node.enum("listingMarketplaceId"),
        purchase_marketplace=node.enum("purchaseMarketplaceId"),
        fulfillment_status=node.enum("lineItemFulfillmentStatus", FULFILLMENT_STATUSES),
        ship_by_at=dates.timestamp("shipByDate"),
        delivery_from_at=dates.timestamp("minEstimatedDeliveryDate"),
        delivery_until_at=dates.timestamp("maxEstimatedDeliveryDate"),
        item_country=read_country(location, "countryCode"),
        item_postal_code=location.line("postalCode", POSTAL_CODE),
        item_location=location.line("location", CITY),
        gift=_gift(node.child("giftDetails")),
        linked_lines=tuple(
            _linked(linked) for linked in node.children("linkedOrderLineItems")
        ),
        compatibility=_pairs(
            node, "compatibilityProperties", "propertyDisplayName", "propertyValue"
        ),
        from_best_offer=properties.flag("fromBestOffer"),
        via_ad_campaign=properties.flag("soldViaAdCampaign"),
        buyer_protection=properties.flag("buyerProtection"),
    )


def _quantity(node: Node) -> int:
    try:
        number = parse_decimal(node.data.get("quantity"))
    except ValueError:
        number = ZERO
    if number != number.to_integral_value() or not 0 < number <= MOST_UNITS:
        raise node.error("quantity", "not a number of units")
    return int(number)


def _listing_and_title(node: Node) -> tuple[str | None, str | None]:
    listing_ref, title = node.identifier("legacyItemId"), node.line("title", TITLE)
    if title is not None and title == listing_ref:
        node.note("listing_on_hold", "title", title)
    return listing_ref, title


def _discount(node: Node, subtotal: Decimal) -> Decimal:
    discounted = node.booked("discountedLineItemCost")
    if discounted is None:
        return ZERO
    if discounted > subtotal or discounted < 0:
        node.note("discount_odd", "discountedLineItemCost", discounted)
    return discounted - subtotal


def _delivery(node: Node) -> LineDelivery:
    return LineDelivery(
        shipping=node.booked("shippingCost") or ZERO,
        handling=node.booked("handlingCost") or ZERO,
        discount=-abs(node.booked("discountAmount") or ZERO),
        import_charges=node.booked("importCharges") or ZERO,
        intermediation_fee=node.booked("shippingIntermediationFee") or ZERO,
    )


def _collected_charges(node: Node) -> Decimal:
    """What eBay charges the buyer for itself: its label, buyer protection."""
    charges = [charge.booked("amount") for charge in node.children("charges")]
    return sum((amount for amount in charges if amount), ZERO) + (
        node.booked("ebayShipping") or ZERO
    )


def _pairs(node: Node, key: str, name: str, value: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for pair in node.children(key):
        left, right = pair.line(name, NAME), pair.line(value, TITLE)
        if left is not None and right is not None:
            pairs.append((left, right))
    return tuple(pairs)


def _gift(node: Node) -> Gift | None:
    if not node:
        return None
    gift = Gift(
        node.text("message"),
        node.line("senderName", NAME),
    )
    return gift if gift != Gift(None, None) else None


def _linked(node: Node) -> LinkedLine:
    return LinkedLine(
        order_ref=node.identifier("orderId"),
        line_item_ref=node.identifier("lineItemId"),
        seller_ref=node.identifier("sellerId"),
        title=node.line("title", TITLE),
        tracking=tuple(
            (
                shipment.enum("shippingCarrierCode"),
                shipment.line("shipmentTrackingNumber", CODE),
            )
            for shipment in node.children("shipments")
        ),
    )
