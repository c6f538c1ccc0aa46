"""The Inventory API's errors and warnings by id, and how they are made.

Ids: sell_inventory_v1. Not-found ids are declared under 400 there; live answers carry
404 when the thing named in the path is missing, and so does the simulator.
"""

from __future__ import annotations

from typing import Any

from ..errors import EbayError

_DOMAIN = "API_INVENTORY"

_TEXTS = {
    25001: "System error.",
    25002: "The request was refused.",
    25003: "Invalid price.",
    25004: "Invalid quantity.",
    25005: "Invalid category.",
    25006: "Invalid listing option.",
    25007: "Invalid fulfillment policy.",
    25008: "Invalid payment policy.",
    25009: "Invalid return policy.",
    25012: "Invalid inventory location.",
    25013: "Invalid data in the inventory item group.",
    25014: "Invalid pictures.",
    25015: "Invalid picture URL.",
    25017: "Missing information.",
    25018: "Incomplete account information.",
    25019: "The listing cannot be revised.",
    25021: "Invalid condition.",
    25026: "Selling limits exceeded.",
    25029: "A field that this category requires is missing.",
    25401: "An option does not apply and was removed.",
    25402: "System warning.",
    25604: "Input error.",
    25701: "One or more SKUs could not be found.",
    25702: "The SKU could not be found or is not available.",
    25703: "The SKU is already a member of another group.",
    25704: "The SKU is already listed as a single item.",
    25705: "The inventory item group could not be found.",
    25706: "Invalid pagination values.",
    25707: "Invalid SKU: only alphanumeric characters, at most 50.",
    25708: "Invalid SKU.",
    25709: "Invalid value.",
    25710: "The requested resource was not found.",
    25713: "This offer is not available.",
    25718: "The listing cannot be migrated.",
    25725: "No offer found.",
    25727: "Too many inventory items in the request.",
    25728: "Inventory items must be unique in the request.",
    25729: "SKU, marketplaceId and format must be unique together.",
    25730: "Too many offers in the request.",
    25731: "Offer ids must be unique in the request.",
    25732: "Offers of a variation group are published with their group.",
    25733: "Every inventory item needs a valid SKU and locale.",
    25734: "SKUs must be unique in the request.",
    25735: "Invalid SKU, marketplaceId or format.",
    25754: "One or more offer ids are invalid.",
    25800: "Invalid field.",
    25801: "Missing field.",
    25802: "Input error.",
    25803: "The location key already exists.",
    25804: "Input error.",
    25805: "The location was not found.",
    25806: "A fulfillment center cannot be deleted, only disabled.",
    25900: "One or more inventory locations were not found.",
    25901: "At least one inventory location is needed.",
    25902: "An inventory location is named twice.",
    25904: "Invalid listing id.",
    25905: "The SKU is not part of the listing.",
    25906: "The location is not a fulfillment center.",
}
_APPLICATION = {25001, 25401, 25402}


def refusal(
    error_id: int,
    detail: str = "",
    *,
    status: int = 400,
    parameters: dict[str, str] | None = None,
) -> EbayError:
    """The error with this id; ``detail`` says what was wrong with what."""
    text = _TEXTS[error_id]
    return EbayError(
        status,
        error_id,
        text,
        f"{text} {detail}".strip(),
        domain=_DOMAIN,
        subdomain="Selling",
        category="APPLICATION" if error_id in _APPLICATION else "REQUEST",
        parameters=parameters
        if parameters is not None
        else ({"additionalInfo": detail} if detail else None),
    )


def invalid_value(field: str, detail: str = "") -> EbayError:
    """25709: a field or header has a value that is not allowed."""
    return refusal(
        25709,
        f"Invalid value for {field}. {detail}".strip(),
        parameters={"fieldName": field, "additionalInfo": detail},
    )


def warning(error_id: int, detail: str) -> dict[str, Any]:
    """One entry of ``warnings``."""
    return refusal(error_id, detail).error
