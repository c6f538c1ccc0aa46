"""An eBay order document becomes an :class:`Order`: plain values, codes, Decimals.

Source: Fulfillment API, type Order (getOrder, getOrders). The document is untrusted:
unknown enum values, extra fields and missing optional fields never raise. Only what
makes an order unusable does (:class:`~.errors.MappingError`): no order id, no creation
date, no line, or a line without identifier, quantity or readable amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ..values.errors import MappingError, Note
from ..values.money import Money
from ..values.reader import Node, Reading
from .fulfillment import FORWARDING_HUBS, Fulfillment, map_fulfillment
from .line import FULFILLMENT_STATUSES, OrderLine, map_lines
from .party import Buyer, Party, invoice_party, map_buyer
from .payment import (
    PAID,
    PAYMENT_STATUSES,
    CancelState,
    Payment,
    Refund,
    map_cancel_state,
    map_payments,
    map_refunds,
)
from .tax import RemittedTax
from .totals import (
    Discount,
    ShippingLine,
    Totals,
    list_discounts,
    map_totals,
)

# Where the buyer's tax number exists, but only in getOrder.
_TAX_NUMBER_MARKETPLACES = frozenset(("EBAY_IT", "EBAY_ES"))


@dataclass(frozen=True, slots=True)
class Order:
    """An eBay order. Amounts are Decimals in ``currency``, times are UTC.

    ``invoice_to`` is the buyer (registration or tax address), the delivery address is
    ``fulfillment.deliver_to``. ``tax_country`` is where the goods end up, which a hub
    does not change. ``notes`` lists what was odd; nothing of it stopped the mapping.
    """

    order_ref: str
    sales_record_ref: str | None
    seller_ref: str | None
    created_at: datetime
    modified_at: datetime
    currency: str
    payment_status: str | None
    fulfillment_status: str | None
    lines: tuple[OrderLine, ...]
    shipping: tuple[ShippingLine, ...]
    discounts: tuple[Discount, ...]
    totals: Totals
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    cancel: CancelState
    buyer: Buyer
    invoice_to: Party | None
    fulfillment: Fulfillment
    tax_country: str | None
    buyer_note: str | None
    total_due_seller: Money | None
    marketplace_fee: Money | None
    fee_basis: Money | None
    collect_and_remit: bool
    shipped_refs: tuple[str, ...]
    personal_data_complete: bool
    notes: tuple[Note, ...]

    @property
    def expected_total(self) -> Decimal:
        """What the sale order must sum to, to the cent."""
        return self.totals.expected

    @property
    def may_ship(self) -> bool:
        """eBay's safe state: PAID, nothing refunded, nobody cancelling.

        A partly refunded order is paid, but somebody has to say what is still due.
        """
        return (
            self.payment_status == PAID
            and not self.cancel.is_requested
            and not self.cancel.is_cancelled
        )

    @property
    def remitted_taxes(self) -> tuple[tuple[str, RemittedTax], ...]:
        """Taxes that eBay remits, each with the line item id it belongs to."""
        return tuple(
            (line.line_item_ref, tax)
            for line in self.lines
            for tax in line.taxes.remitted
        )

    @property
    def needs_details(self) -> bool:
        """Whether getOrder would tell more than this document of getOrders."""
        if self.cancel.lacks_requests:
            return True
        marketplaces = {line.purchase_marketplace for line in self.lines}
        return self.buyer.tax_identifier is None and bool(
            marketplaces & _TAX_NUMBER_MARKETPLACES
        )


def map_order(document: object) -> Order:
    """Map one order document. Raises MappingError, and nothing else."""
    if not isinstance(document, dict):
        raise MappingError("$", document, "not an order document")
    reading = Reading()
    node = Node(document, "$", reading)
    order_ref = node.required_identifier("orderId")
    created_at = node.timestamp("creationDate")
    if created_at is None:
        raise node.error("creationDate", "the date of the order is missing or invalid")
    modified_at = node.timestamp("lastModifiedDate")
    if modified_at is None:
        node.note("modified_date_missing", "lastModifiedDate")
    lines = map_lines(node)
    totals = map_totals(node.child("pricingSummary"), lines)
    fulfillment = map_fulfillment(node, lines)
    buyer = map_buyer(node.child("buyer"))
    payment_summary = node.child("paymentSummary")
    return Order(
        order_ref=order_ref,
        sales_record_ref=node.identifier("salesRecordReference"),
        seller_ref=node.identifier("sellerId"),
        created_at=created_at,
        modified_at=modified_at or created_at,
        currency=reading.currency,
        payment_status=node.enum("orderPaymentStatus", PAYMENT_STATUSES),
        fulfillment_status=node.enum("orderFulfillmentStatus", FULFILLMENT_STATUSES),
        lines=lines,
        shipping=_shipping(totals, fulfillment),
        discounts=list_discounts(totals, lines),
        totals=totals,
        payments=map_payments(payment_summary),
        refunds=map_refunds(payment_summary),
        cancel=map_cancel_state(node.child("cancelStatus")),
        buyer=buyer,
        invoice_to=invoice_party(buyer, fulfillment.buyers_own),
        fulfillment=fulfillment,
        tax_country=_tax_country(buyer, fulfillment),
        buyer_note=node.text("buyerCheckoutNotes"),
        total_due_seller=payment_summary.money("totalDueSeller"),
        marketplace_fee=node.money("totalMarketplaceFee"),
        fee_basis=node.money("totalFeeBasisAmount"),
        collect_and_remit=node.flag("ebayCollectAndRemitTax"),
        shipped_refs=_shipped_refs(node),
        personal_data_complete=_is_complete(buyer, fulfillment),
        notes=tuple(reading.notes),
    )


def _shipping(totals: Totals, fulfillment: Fulfillment) -> tuple[ShippingLine, ...]:
    if not totals.delivery and not fulfillment.needs_shipping:
        return ()
    return (
        ShippingLine(
            totals.delivery, fulfillment.carrier_code, fulfillment.service_code
        ),
    )


def _tax_country(buyer: Buyer, fulfillment: Fulfillment) -> str | None:
    """eBay's tax address first; a hub's or a shop's own country never counts."""
    own = fulfillment.buyers_own
    candidates = [buyer.tax_address, own.address if own else None]
    if fulfillment.hub in FORWARDING_HUBS:
        candidates.append(fulfillment.final_destination)
    if buyer.registration is not None:
        candidates.append(buyer.registration.address)
    known = (address.country for address in candidates if address is not None)
    return next((country for country in known if country), None)


def _is_complete(buyer: Buyer, fulfillment: Fulfillment) -> bool:
    """Whether name and street are there; eBay blanks them 90 days after the order."""
    delivery = fulfillment.deliver_to
    if fulfillment.needs_shipping:
        if delivery is None or not (delivery.is_named and delivery.has_street):
            return False
        if fulfillment.buyers_own is not None:
            return True
    contact = buyer.registration or fulfillment.buyers_own
    return contact is not None and contact.is_named


def _shipped_refs(node: Node) -> tuple[str, ...]:
    """The ids of shipments that eBay knows, from the URIs in ``fulfillmentHrefs``."""
    hrefs = node.data.get("fulfillmentHrefs")
    if not isinstance(hrefs, list):
        return ()
    refs = (
        href.rstrip("/").rpartition("/")[2][:128]
        for href in hrefs[:200]
        if isinstance(href, str)
    )
    return tuple(ref for ref in refs if ref and ref.isascii() and ref.isprintable())
