"""Where an order goes, how, and until when.

Source: Fulfillment API, types FulfillmentStartInstruction, ShippingStep and Program.
eBay sends one instruction per order today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ..values.reader import Node
from ..values.text import CODE
from .address import Address, map_address, with_reference
from .line import OrderLine
from .party import Party, map_party

# How the goods reach the buyer; what eBay calls SHIP_TO covers three of them.
SHIP = "ship"
HUB = "hub"
CLICK_AND_COLLECT = "click_and_collect"
IN_STORE_PICKUP = "in_store_pickup"
DIGITAL = "digital"
SELLER_DEFINED = "seller_defined"
FULFILLED_BY_EBAY = "fulfilled_by_ebay"
UNKNOWN = "unknown"

_METHODS = {
    "SHIP_TO": SHIP,
    "DIGITAL": DIGITAL,
    "PREPARE_FOR_PICKUP": IN_STORE_PICKUP,
    "SELLER_DEFINED": SELLER_DEFINED,
    "FULFILLED_BY_EBAY": FULFILLED_BY_EBAY,
}
# Whose address shipTo is not: the buyer's.
FOREIGN_SHIP_TO = frozenset((HUB, CLICK_AND_COLLECT, IN_STORE_PICKUP))

AUTHENTICITY = "authenticity_guarantee"
INTERNATIONAL_SHIPPING = "international_shipping"
GLOBAL_SHIPPING = "global_shipping"
VAULT = "vault"
OTHER_HUB = "other"
# From these the parcel is forwarded to finalDestinationAddress.
FORWARDING_HUBS = frozenset((INTERNATIONAL_SHIPPING, GLOBAL_SHIPPING))

_CLICK_AND_COLLECT = re.compile(r"click.{0,3}(?:and|&|n)?.{0,3}collect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Appointment:
    """When a service provider (tyre fitting) expects the buyer."""

    starts_at: datetime | None
    ends_at: datetime | None
    status: str | None
    kind: str | None
    window: str | None
    provider_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """How the order is fulfilled.

    ``method`` is one of this file's constants, ``instruction`` eBay's own word.
    ``deliver_to`` is where the parcel goes (with a hub: the hub, its reference number
    above the street), ``final_destination`` where it goes from there; for the
    Authenticity Guarantee eBay documents that field in two contradicting ways, so
    it is for information only. Times are UTC.
    """

    method: str
    instruction: str | None = None
    hub: str | None = None
    deliver_to: Party | None = None
    final_destination: Address | None = None
    ship_to_ref: str | None = None
    carrier_code: str | None = None
    service_code: str | None = None
    merchant_location_ref: str | None = None
    ship_by_at: datetime | None = None
    delivery_from_at: datetime | None = None
    delivery_until_at: datetime | None = None
    label_by_ebay: bool = False
    returns_by_ebay: bool = False
    authenticity_status: str | None = None
    authenticity_outcome: str | None = None
    vault_type: str | None = None
    appointment: Appointment | None = None

    @property
    def buyers_own(self) -> Party | None:
        """The delivery party when it is the buyer's own address."""
        return None if self.method in FOREIGN_SHIP_TO else self.deliver_to

    @property
    def needs_shipping(self) -> bool:
        """Whether the seller sends a parcel."""
        return self.method not in (DIGITAL, IN_STORE_PICKUP, FULFILLED_BY_EBAY)


def map_fulfillment(order: Node, lines: tuple[OrderLine, ...]) -> Fulfillment:
    """Give the fulfilment of the order; unknown kinds are kept with a note."""
    instructions = order.children("fulfillmentStartInstructions")
    if len(instructions) > 1:
        order.note("several_fulfillments", "fulfillmentStartInstructions", instructions)
    if not instructions:
        order.note("fulfillment_missing", "fulfillmentStartInstructions")
    empty = Node({}, f"{order.path}.fulfillmentStartInstructions[0]", order.reading)
    node = instructions[0] if instructions else empty
    program = order.child("program")
    step = node.child("shippingStep")
    instruction = node.enum("fulfillmentInstructionsType", _METHODS)
    service_code = step.enum("shippingServiceCode")
    deliver_to = map_party(step.child("shipTo"))
    method = _method(node, program, instruction, service_code, deliver_to)
    ship_to_ref = step.identifier("shipToReferenceId")
    if method == HUB and ship_to_ref and deliver_to and deliver_to.address:
        address = with_reference(deliver_to.address, ship_to_ref)
        deliver_to = replace(deliver_to, address=address)
    authenticity = program.child("authenticityVerification")
    return Fulfillment(
        method=method,
        instruction=instruction,
        hub=_hub(program, ship_to_ref) if method == HUB else None,
        deliver_to=deliver_to,
        final_destination=map_address(node.child("finalDestinationAddress")),
        ship_to_ref=ship_to_ref,
        carrier_code=step.enum("shippingCarrierCode"),
        service_code=service_code,
        merchant_location_ref=node.child("pickupStep").identifier(
            "merchantLocationKey"
        ),
        ship_by_at=_first(min, (line.ship_by_at for line in lines)),
        delivery_from_at=node.timestamp("minEstimatedDeliveryDate")
        or _first(min, (line.delivery_from_at for line in lines)),
        delivery_until_at=node.timestamp("maxEstimatedDeliveryDate")
        or _first(max, (line.delivery_until_at for line in lines)),
        label_by_ebay=_is_ebay(
            program.child("ebayShipping"), "shippingLabelProvidedBy"
        ),
        returns_by_ebay=_is_ebay(
            program.child("ebayInternationalShipping"), "returnsManagedBy"
        ),
        authenticity_status=authenticity.enum("status"),
        authenticity_outcome=authenticity.enum("outcomeReason"),
        vault_type=program.child("ebayVault").enum("fulfillmentType"),
        appointment=_appointment(node.child("appointment")),
    )


def _method(
    node: Node,
    program: Node,
    instruction: str | None,
    service_code: str | None,
    deliver_to: Party | None,
) -> str:
    if _is_ebay(program.child("fulfillmentProgram"), "fulfilledBy"):
        return FULFILLED_BY_EBAY
    if node.flag("ebaySupportedFulfillment"):
        return HUB
    if node.child("pickupStep"):
        return IN_STORE_PICKUP
    method = _METHODS.get(instruction or "", UNKNOWN)
    if method == UNKNOWN and deliver_to is not None:
        method = SHIP
    if method == SHIP and _is_click_and_collect(service_code, deliver_to):
        return CLICK_AND_COLLECT
    return method


def _is_click_and_collect(service_code: str | None, deliver_to: Party | None) -> bool:
    texts = [service_code]
    if deliver_to is not None:
        texts += [deliver_to.name, deliver_to.company]
    return any(text and _CLICK_AND_COLLECT.search(text) for text in texts)


def _hub(program: Node, ship_to_ref: str | None) -> str:
    for key, hub in (
        ("authenticityVerification", AUTHENTICITY),
        ("ebayInternationalShipping", INTERNATIONAL_SHIPPING),
        ("ebayVault", VAULT),
    ):
        if program.child(key):
            return hub
    return GLOBAL_SHIPPING if ship_to_ref else OTHER_HUB


def _is_ebay(node: Node, key: str) -> bool:
    return node.enum(key) == "EBAY"


def _first(
    choose: Callable[[list[datetime]], datetime], moments: Iterable[datetime | None]
) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return choose(known) if known else None


def _appointment(node: Node) -> Appointment | None:
    if not node:
        return None
    return Appointment(
        starts_at=node.timestamp("appointmentStartTime"),
        ends_at=node.timestamp("appointmentEndTime"),
        status=node.enum("appointmentStatus"),
        kind=node.enum("appointmentType"),
        window=node.line("appointmentWindow", CODE),
        provider_at=node.timestamp("serviceProviderAppointmentDate"),
    )
