"""Business policies of a marketplace. Source: Account API v1, the three policy types.

Of a policy only what people choose it by is kept. Texts and codes stay as eBay wrote
them; policies are changed at eBay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..values.entries import Entries, map_entries
from ..values.reader import Node
from ..values.text import CODE, TITLE

PROGRAM = "SELLING_POLICY_MANAGEMENT"
"""The seller program without which there are no business policies."""

MOST_POLICIES = 20_000
MOST_SERVICES = 50
LONGEST_DAYS = 3650

# kind -> the list in the answer, the id in an entry
_KEYS = {
    "payment": ("paymentPolicies", "paymentPolicyId"),
    "return": ("returnPolicies", "returnPolicyId"),
    "fulfillment": ("fulfillmentPolicies", "fulfillmentPolicyId"),
}
# An amount of time in a unit that is about a day: business days are days as well.
_DAYS = ("DAY", "BUSINESS_DAY", "CALENDAR_DAY")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. What its kind does not have is None or empty.

    ``handling_days`` are business days until dispatch, ``return_days`` the days for
    sending an item back; ``services`` has one line per shipping service.
    """

    ref: str
    name: str
    description: str | None = None
    category_types: str | None = None
    handling_days: int | None = None
    services: str | None = None
    immediate_payment: bool = False
    returns_accepted: bool = False
    return_days: int | None = None
    return_payer: str | None = None


def map_policies(document: dict[str, Any], kind: str) -> Entries[Policy]:
    """Read getPaymentPolicies, getReturnPolicies or getFulfillmentPolicies.

    ``kind`` is ``payment``, ``return`` or ``fulfillment``. Raises MappingError when the
    answer has no list.
    """
    list_key, id_key = _KEYS[kind]

    def read(node: Node) -> tuple[str, Policy]:
        policy = _policy(node, id_key)
        return policy.ref, policy

    return map_entries(document, list_key, read, MOST_POLICIES)


def has_policies(document: dict[str, Any]) -> bool:
    """Whether getOptedInPrograms says that the seller uses business policies."""
    programs = document.get("programs")
    return isinstance(programs, list) and any(
        isinstance(program, dict) and program.get("programType") == PROGRAM
        for program in programs
    )


def _policy(node: Node, id_key: str) -> Policy:
    ref = node.required_identifier(id_key)
    types = [entry.line("name", CODE) for entry in node.children("categoryTypes")]
    return Policy(
        ref=ref,
        name=node.line("name", TITLE) or ref,
        description=node.text("description", 1000),
        category_types=", ".join(filter(None, types)) or None,
        handling_days=_days(node.child("handlingTime")),
        services=_services(node),
        immediate_payment=node.flag("immediatePay"),
        returns_accepted=node.flag("returnsAccepted"),
        return_days=_days(node.child("returnPeriod")),
        return_payer=node.line("returnShippingCostPayer", CODE),
    )


def _days(node: Node) -> int | None:
    value = node.data.get("value")
    if node.data.get("unit") not in _DAYS or isinstance(value, bool):
        return None
    if not isinstance(value, int) or not 0 <= value <= LONGEST_DAYS:
        return None
    return value


def _services(node: Node) -> str | None:
    lines = []
    for option in node.children("shippingOptions", MOST_SERVICES):
        where = option.line("optionType", CODE) or "?"
        for service in option.children("shippingServices", MOST_SERVICES):
            words = [where, service.line("shippingServiceCode", CODE) or "?"]
            cost = service.money("shippingCost")
            if service.flag("freeShipping"):
                words.append("0.00")
            elif cost:
                words.append(f"{cost.value} {cost.currency}")
            lines.append(" ".join(words))
    return "\n".join(lines[:MOST_SERVICES]) or None
