"""Account API v1: business policies, programs, privileges. Source: sell_account_v1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..calls import (
    Api,
    Call,
    Operation,
    Quota,
    Reply,
    no_content,
    reply_created,
    reply_json,
)
from ..errors import EbayError, bad_request
from ..listings import policies, preferences
from ..listings.policies import Kind
from ..reference.marketplaces import MARKETPLACES

_DOMAIN = "API_ACCOUNT"
_READ = ("sell.account", "sell.account.readonly")
_WRITE = ("sell.account",)
_POLICIES = "SELLING_POLICY_MANAGEMENT"
_PROGRAMS = (_POLICIES, "OUT_OF_STOCK_CONTROL", "PARTNER_MOTORS_DEALER")
_MOST_SERVICES = {"DOMESTIC": 4, "INTERNATIONAL": 5}


def _refusal(
    status: int, error_id: int, message: str, category: str = "REQUEST", **extra: str
) -> EbayError:
    return EbayError(
        status,
        error_id,
        message,
        domain=_DOMAIN,
        category=category,
        parameters=extra or None,
    )


def _missing(field: str) -> EbayError:
    return _refusal(400, 20401, f"Missing field {field}.", fieldName=field)


def _invalid(field: str, detail: str) -> EbayError:
    return _refusal(400, 20403, f"Invalid {field}. {detail}", fieldName=field)


def _bad_policy(detail: str) -> EbayError:
    return _refusal(400, 20400, f"Invalid request. {detail}")


def _need_policies(call: Call) -> None:
    """Refuse a seller who never opted in to business policies."""
    if _POLICIES not in preferences.programs(call.world, call.seller):
        raise _refusal(400, 20403, "User is not eligible for Business Policy.")


def _marketplace(call: Call) -> str:
    name = call.query.get("marketplace_id")
    if not name:
        raise _missing("marketplace_id")
    if name not in MARKETPLACES:
        raise _invalid("marketplace_id", f"{name} is not supported.")
    return name


def _found(call: Call, kind: Kind) -> dict[str, Any]:
    (policy_id,) = call.params.values()
    document = policies.find(call.world, call.seller, kind, policy_id)
    if document is None:
        raise _refusal(404, 20404, f"{kind.id_field} not found.", fieldName=policy_id)
    return document


def _list(kind: Kind) -> Callable[[Call], Reply]:
    def get_policies(call: Call) -> Reply:
        """All policies of the kind on one marketplace; the list may be empty."""
        _need_policies(call)
        name = _marketplace(call)
        found = policies.of_marketplace(call.world, call.seller, kind, name)
        return reply_json({"total": len(found), kind.list_field: found})

    return get_policies


def _get(kind: Kind) -> Callable[[Call], Reply]:
    def get_policy(call: Call) -> Reply:
        _need_policies(call)
        return reply_json(_found(call, kind))

    return get_policy


def _by_name(kind: Kind) -> Callable[[Call], Reply]:
    def get_by_name(call: Call) -> Reply:
        """The policy with exactly this name. 400/20404 when there is none."""
        _need_policies(call)
        marketplace, name = _marketplace(call), call.query.get("name")
        if not name:
            raise _missing("name")
        for one in policies.of_marketplace(call.world, call.seller, kind, marketplace):
            if one["name"] == name:
                return reply_json(one)
        raise _refusal(400, 20404, "The policy was not found.", fieldName="name")

    return get_by_name


def _create(kind: Kind) -> Callable[[Call], Reply]:
    def create_policy(call: Call) -> Reply:
        _need_policies(call)
        given = _checked(call, kind)
        document = policies.save(call.world, call.seller, kind, given)
        path = f"/{kind.name}_policy/{document[kind.id_field]}"
        return reply_created(call.href(path), {**document, "warnings": []})

    return create_policy


def _update(kind: Kind) -> Callable[[Call], Reply]:
    def update_policy(call: Call) -> Reply:
        """Replace a policy; every listing that names it follows."""
        _need_policies(call)
        known = _found(call, kind)[kind.id_field]
        given = _checked(call, kind, known)
        document = policies.save(call.world, call.seller, kind, given, known)
        return reply_json({**document, "warnings": []})

    return update_policy


def _delete(kind: Kind) -> Callable[[Call], Reply]:
    def delete_policy(call: Call) -> Reply:
        _need_policies(call)
        known = _found(call, kind)[kind.id_field]
        used = call.world.database.execute(
            "SELECT item_id FROM listing WHERE seller = ? AND status = 'ACTIVE'"
            " AND json_extract(document, '$.policies.' || ?) = ? LIMIT 1",
            (call.seller, kind.id_field, known),
        ).fetchone()
        if used:
            raise _refusal(
                409, 20409, f"Listing {used[0]} uses the policy.", "BUSINESS"
            )
        call.world.collection("policy").delete(known)
        return no_content()

    return delete_policy


def _checked(call: Call, kind: Kind, known: str | None = None) -> dict[str, Any]:
    """The body of a create or update call.

    Raises EbayError: 20401 missing; 20400 invalid, or a name that is taken.
    """
    given = call.json_object()
    for field in ("name", "marketplaceId", "categoryTypes"):
        if not given.get(field):
            raise _missing(field)
    if given["marketplaceId"] not in MARKETPLACES:
        raise _bad_policy("The marketplace is not supported.")
    if len(str(given["name"])) > 64:
        raise _bad_policy("A name has 64 characters at most.")
    if len(str(given.get("description", ""))) > 250:
        raise _bad_policy("A description has 250 characters at most.")
    for one in policies.of_marketplace(
        call.world, call.seller, kind, given["marketplaceId"]
    ):
        if one["name"] == given["name"] and one[kind.id_field] != known:
            raise _refusal(
                400,
                20400,
                "A policy with this name exists.",
                duplicatePolicyId=one[kind.id_field],
            )
    _CHECKS[kind](given)
    return {name: given[name] for name in _FIELDS[kind] if name in given}


def _check_fulfillment(given: dict[str, Any]) -> None:
    if not given.get("handlingTime"):
        raise _missing("handlingTime")
    options = given.get("shippingOptions", [])
    if not isinstance(options, list):
        raise bad_request("Could not serialize field [shippingOptions]")
    for option in options:
        services = option.get("shippingServices", [])
        most = _MOST_SERVICES.get(option.get("optionType"))
        if most is None or len(services) > most:
            raise _bad_policy("shippingOptions: optionType or number of services.")


def _check_payment(given: dict[str, Any]) -> None:
    if given.get("paymentMethods"):
        raise _refusal(400, 20405, "eBay handles payments; name no method.")


def _check_return(given: dict[str, Any]) -> None:
    if given.get("returnsAccepted") is None:
        raise _missing("returnsAccepted")
    if given["returnsAccepted"] and not given.get("returnPeriod"):
        raise _missing("returnPeriod")


_CHECKS = {
    policies.FULFILLMENT: _check_fulfillment,
    policies.PAYMENT: _check_payment,
    policies.RETURN: _check_return,
}
_COMMON = ("name", "description", "marketplaceId", "categoryTypes")
_FIELDS = {
    policies.FULFILLMENT: (
        *_COMMON,
        "freightShipping",
        "globalShipping",
        "handlingTime",
        "localPickup",
        "pickupDropOff",
        "shippingOptions",
        "shipToLocations",
    ),
    policies.PAYMENT: (*_COMMON, "immediatePay", "paymentInstructions", "deposit"),
    policies.RETURN: (
        *_COMMON,
        "extendedHolidayReturnsOffered",
        "internationalOverride",
        "refundMethod",
        "returnInstructions",
        "returnMethod",
        "returnPeriod",
        "returnsAccepted",
        "returnShippingCostPayer",
    ),
}


def get_programs(call: Call) -> Reply:
    """getOptedInPrograms; a seller in none gets 400/20404."""
    programs = preferences.programs(call.world, call.seller)
    if not programs:
        raise _refusal(400, 20404, "No program was found.", fieldName="programs")
    return reply_json({"programs": [{"programType": name} for name in programs]})


def _program(call: Call) -> tuple[str, list[str]]:
    name = call.json_object().get("programType")
    if name not in _PROGRAMS:
        raise _invalid("programType", "There is no such program.")
    return name, preferences.get(call.world.database, call.seller, "programs")


def opt_in(call: Call) -> Reply:
    """optInToProgram: 200; 409/25803 when already in.

    It takes effect after the behaviour ``programSeconds``; at eBay up to a day.
    """
    name, programs = _program(call)
    if name in programs:
        raise _refusal(
            409, 25803, "programType already exists.", "BUSINESS", fieldName=name
        )
    preferences.put(call.world.database, call.seller, "programs", [*programs, name])
    preferences.start_program(call.world, call.seller, name)
    return reply_json({})


def opt_out(call: Call) -> Reply:
    """optOutOfProgram: 200; 404/20404 when not in."""
    name, programs = _program(call)
    if name not in programs:
        raise _refusal(404, 20404, "programType not found.", fieldName=name)
    left = [one for one in programs if one != name]
    preferences.put(call.world.database, call.seller, "programs", left)
    return reply_json({})


def get_privileges(call: Call) -> Reply:
    """getPrivileges: registration, and the monthly limit of a seller who has one."""
    db = call.world.database
    answer = {
        "sellerRegistrationCompleted": preferences.get(
            db, call.seller, "registration_completed"
        )
    }
    limit = preferences.get(db, call.seller, "selling_limit")
    if limit:
        answer["sellingLimit"] = limit
    return reply_json(answer)


def get_kyc(call: Call) -> Reply:
    """getKYC: 204, nothing is asked of the seller."""
    return no_content()


def get_rate_tables(call: Call) -> Reply:
    """getRateTables: the simulated sellers have none."""
    return reply_json({"rateTables": []})


def get_subscriptions(call: Call) -> Reply:
    """getSubscription: no store subscription."""
    return reply_json({"href": call.href("/subscription"), "subscriptions": []})


def get_onboarding(call: Call) -> Reply:
    """getPaymentsProgramOnboarding: every seller is on eBay's payments."""
    if call.params["marketplace_id"] not in MARKETPLACES:
        raise _refusal(404, 20404, "marketplace_id not found.")
    return reply_json({"onboardingStatus": "OPTED_IN", "steps": []})


def _policy_operations(kind: Kind, id_name: str) -> list[Operation]:
    title, path = kind.name.capitalize(), f"/{kind.name}_policy"
    one = f"{path}/{{{id_name}}}"
    rows: list[tuple[str, str, str, Callable[[Call], Reply], tuple[str, ...]]] = [
        ("GET", path, f"get{title}Policies", _list(kind), _READ),
        (
            "GET",
            f"{path}/get_by_policy_name",
            f"get{title}PolicyByName",
            _by_name(kind),
            _READ,
        ),
        ("POST", path, f"create{title}Policy", _create(kind), _WRITE),
        ("GET", one, f"get{title}Policy", _get(kind), _READ),
        ("PUT", one, f"update{title}Policy", _update(kind), _WRITE),
        ("DELETE", one, f"delete{title}Policy", _delete(kind), _WRITE),
    ]
    return [
        Operation(method, where, name, handler, scopes=scopes)
        for method, where, name, handler, scopes in rows
    ]


API = Api(
    name="sell.account",
    prefix="/sell/account/v1",
    quota=Quota("sell", "Account", "sell.account", 25_000),
    operations=[
        *_policy_operations(policies.FULFILLMENT, "fulfillmentPolicyId"),
        *_policy_operations(policies.PAYMENT, "payment_policy_id"),
        *_policy_operations(policies.RETURN, "return_policy_id"),
        Operation(
            "GET",
            "/program/get_opted_in_programs",
            "getOptedInPrograms",
            get_programs,
            scopes=_READ,
        ),
        Operation("POST", "/program/opt_in", "optInToProgram", opt_in, scopes=_WRITE),
        Operation(
            "POST", "/program/opt_out", "optOutOfProgram", opt_out, scopes=_WRITE
        ),
        Operation("GET", "/privilege", "getPrivileges", get_privileges, scopes=_READ),
        Operation("GET", "/kyc", "getKYC", get_kyc, scopes=_READ),
        Operation("GET", "/rate_table", "getRateTables", get_rate_tables, scopes=_READ),
        Operation(
            "GET", "/subscription", "getSubscription", get_subscriptions, scopes=_READ
        ),
        Operation(
            "GET",
            "/payments_program/{marketplace_id}/{payments_program_type}/onboarding",
            "getPaymentsProgramOnboarding",
            get_onboarding,
            scopes=_READ,
        ),
    ],
)
