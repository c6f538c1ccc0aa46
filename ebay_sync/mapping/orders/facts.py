"""What an eBay order says, as plain values that can be kept and compared.

The same keys describe the sale order, read by ``flows/orders/odoo_facts.py``. Values
are texts, lists of texts or None, so that they are stored as JSON and come back equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from .order import Order
from .party import Party

Value = str | list[str | None] | None
Facts = Mapping[str, Value]
"""What is said by key; a key that is not there says nothing."""

DELIVERY = "delivery"
INVOICE = "invoice"
SERVICE = "service"
SHIP_BY = "ship_by"
NOTE = "note"
GIFT = "gift"
CHARGES = "charges"
QUANTITY = "quantity/"
PRICE = "price/"

NOTHING = "0"
# Silence about these means that eBay has blanked them, never that they are gone.
KEPT_IN_SILENCE = frozenset((DELIVERY, INVOICE, SERVICE, SHIP_BY, NOTE, GIFT))
# Facts that tell who bought.
PERSONAL = frozenset((DELIVERY, INVOICE, NOTE, GIFT))
# The first entries of an address say where and to whom; phone, e-mail and the rest may
# stand on another partner of the same address.
PLACE = 6
PHONE, EMAIL = 8, 9
CONTACT = 10  # what comes after it is the tax number


def facts_of(order: Order) -> dict[str, Value]:
    """Give the facts of an order, of what :func:`~.due.order_due` leaves of it."""
    fulfillment = order.fulfillment
    facts = {
        DELIVERY: address_fact(fulfillment.deliver_to),
        INVOICE: _invoice(order),
        SERVICE: fulfillment.service_code,
        SHIP_BY: _moment(fulfillment.ship_by_at),
        NOTE: order.buyer_note,
        GIFT: gift_text(order),
        CHARGES: _charges(order),
    }
    for line in order.lines:
        facts[QUANTITY + line.line_item_ref] = str(line.quantity)
        if line.quantity:
            taxes = sum((tax.amount for tax in line.taxes.own), Decimal(0))
            facts[PRICE + line.line_item_ref] = _amounts((line.unit_price, taxes))
    return {key: value for key, value in facts.items() if value is not None}


def address_fact(party: Party | None) -> list[str | None] | None:
    """Give an address as a fact; one without a street says nothing."""
    if party is None or party.address is None or not party.has_street:
        return None
    address = party.address
    return [
        party.name or party.company,
        address.street,
        address.street2,
        address.city,
        address.postal_code,
        address.country,
        address.state,
        party.company,
        party.phone or party.phone_text,
        party.email,
    ]


def gift_text(order: Order) -> str | None:
    """Give what the senders of gifts write, one a line."""
    texts = (
        ": ".join(part for part in (gift.sender_name, gift.message) if part)
        for line in order.lines
        if (gift := line.gift)
    )
    return "\n".join(texts) or None


def without_personal(facts: Facts) -> dict[str, Value]:
    """Give the facts that may be kept when the buyer is forgotten."""
    return {key: value for key, value in facts.items() if key not in PERSONAL}


def line_of(key: str) -> str | None:
    """The line's id in a key of a line, None in any other."""
    for start in (QUANTITY, PRICE):
        if key.startswith(start):
            return key.removeprefix(start)
    return None


def is_same(key: str, one: Value, other: Value) -> bool:
    """Whether two values of a key mean the same."""
    if key.startswith(QUANTITY):
        return (one or NOTHING) == (other or NOTHING)
    if key in (DELIVERY, INVOICE) and one and other:
        return _place(one) == _place(other) and _rest(one) == _rest(other)
    return one == other


def is_same_place(one: Value, other: Value) -> bool:
    """Whether two addresses are the same place, name and tax number, however written.

    Telephone, e-mail and the spelling of a state do not matter.
    """
    return (
        bool(one)
        and bool(other)
        and _place(one) == _place(other)
        and one[CONTACT:] == other[CONTACT:]
    )


def value_text(value: Value) -> str:
    """A value for people to read."""
    if isinstance(value, list):
        return ", ".join(part for part in value[:PLACE] if part)
    return value or ""


def _invoice(order: Order) -> list[str | None] | None:
    """Who gets the invoice and under which tax number."""
    address = address_fact(order.invoice_to)
    tax_number = order.buyer.tax_identifier
    if tax_number is None:
        return address
    return [*(address or [None] * CONTACT), tax_number.value]


def _charges(order: Order) -> list[str | None]:
    """Everything of the total that is not the price of a line of goods."""
    shipping = [f"shipping {_amount(one.amount)}" for one in order.shipping]
    discounts = [
        f"{one.kind} {one.line_item_ref or ''} {_amount(one.amount)}"
        for one in order.discounts
    ]
    totals = order.totals
    rounding = sum((line.rounding for line in order.lines), Decimal(0))
    rest = {
        "adjustment": totals.adjustment,
        "fee": totals.fee,
        "tax": totals.tax,
        "rounding": rounding,
    }
    extras = [f"{name} {_amount(amount)}" for name, amount in rest.items() if amount]
    return [one for one in (*shipping, *discounts, *extras) if not one.endswith(" 0")]


def _amounts(amounts: Iterable[Decimal]) -> list[str | None]:
    return [_amount(amount) for amount in amounts]


def _amount(amount: Decimal) -> str:
    """One spelling for each amount: 10, 4.9, never 1E+1."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _place(value: Value) -> list[str]:
    parts = value[:PLACE] if isinstance(value, list) else [value]
    return [" ".join((part or "").split()).casefold() for part in parts]


def _rest(value: Value) -> list[str | None]:
    return [part or None for part in value[PLACE:]] if isinstance(value, list) else []
