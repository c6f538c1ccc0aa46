"""How Fulfillment shows a stored order.

What differs between getOrder and getOrders, with TAX_BREAKDOWN, and with the age of the
order. Source: sell_fulfillment_v1, descriptions of the fields named here.
"""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..clock import from_text
from .money import amount, value_of

if TYPE_CHECKING:
    from ..world import World
    from .book import Record

FRESH, NO_EMAIL, NO_PERSON = 0, 1, 2
_EMAIL_FOR = timedelta(days=14)
_PERSON_FOR = timedelta(days=90)
PREFIX = "/sell/fulfillment/v1"


def age(record: Record, now: datetime) -> int:
    """How much personal data is gone: FRESH, NO_EMAIL or NO_PERSON."""
    if not record.get("ages", True):
        return FRESH
    passed = now - from_text(record["order"]["creationDate"])
    if passed >= _PERSON_FOR:
        return NO_PERSON
    return NO_EMAIL if passed >= _EMAIL_FOR else FRESH


def render(
    world: World, record: Record, base_url: str, single: bool, breakdown: bool
) -> bytes:
    """The order as JSON; ``single`` is getOrder's form, else getOrders'."""
    stage = age(record, world.clock.now())
    views = world.orders.views(record["order"]["orderId"])
    key = (base_url, single, breakdown, stage)
    found = views.get(key)
    if found is None:
        shown = show(record, base_url, single, breakdown, stage)
        text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        found = views[key] = text.encode()
    return found


def show(
    record: Record, base_url: str, single: bool, breakdown: bool, stage: int
) -> dict[str, Any]:
    """The order as a document of its own."""
    order = copy.deepcopy(record["order"])
    hrefs = list(order.get("fulfillmentHrefs") or [])
    path = f"{base_url}{PREFIX}/order/{order['orderId']}/shipping_fulfillment"
    hrefs += [f"{path}/{one['fulfillmentId']}" for one in record["fulfillments"]]
    order["fulfillmentHrefs"] = hrefs
    if not single:
        order.get("cancelStatus", {})["cancelRequests"] = []
        order.get("buyer", {}).pop("taxIdentifier", None)
    if breakdown:
        _add_collected_tax(order)
    else:
        _hide_tax_types(order)
    if stage >= NO_EMAIL:
        for contact in _contacts(order):
            contact.pop("email", None)
    if stage >= NO_PERSON:
        _forget_person(order)
    return order


def collected(line: dict[str, Any]) -> Decimal:
    """What eBay collects for the tax office on a line item."""
    taxes = line.get("ebayCollectAndRemitTaxes") or []
    return sum((value_of(tax.get("amount")) for tax in taxes), Decimal())


def _add_collected_tax(order: dict[str, Any]) -> None:
    """TAX_BREAKDOWN: totals include what eBay collects and remits."""
    whole = Decimal()
    for line in order.get("lineItems", []):
        tax = collected(line)
        whole += tax
        if tax and "total" in line:
            _raise(line, "total", tax)
    summary = order.get("pricingSummary", {})
    if not whole or "total" not in summary:
        return
    _raise(summary, "total", whole)
    if "tax" not in summary:
        summary["tax"] = amount(Decimal(), summary["total"]["currency"])
    _raise(summary, "tax", whole)


def _raise(holder: dict[str, Any], name: str, by: Decimal) -> None:
    now = holder[name]
    holder[name] = now | amount(value_of(now) + by, now["currency"])


def _hide_tax_types(order: dict[str, Any]) -> None:
    """``taxes[].taxType`` is there with TAX_BREAKDOWN only."""
    for line in order.get("lineItems", []):
        for tax in line.get("taxes") or []:
            tax.pop("taxType", None)


def _contacts(order: dict[str, Any]) -> list[dict[str, Any]]:
    found = [order.get("buyer", {}).get("buyerRegistrationAddress")]
    found += [
        instruction.get("shippingStep", {}).get("shipTo")
        for instruction in order.get("fulfillmentStartInstructions", [])
    ]
    return [contact for contact in found if contact]


def _forget_person(order: dict[str, Any]) -> None:
    """After 90 days: no name, street, phone, gift; town and country stay."""
    addresses = [
        instruction.get("finalDestinationAddress", {})
        for instruction in order.get("fulfillmentStartInstructions", [])
    ]
    for contact in _contacts(order):
        for name in ("fullName", "companyName", "primaryPhone", "email"):
            contact.pop(name, None)
        addresses.append(contact.get("contactAddress", {}))
    for address in addresses:
        address.pop("addressLine1", None)
        address.pop("addressLine2", None)
    for line in order.get("lineItems", []):
        line.pop("giftDetails", None)
