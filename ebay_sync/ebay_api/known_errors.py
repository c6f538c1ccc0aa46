"""The closed table of eBay error ids that change what we do, or that people meet often.

An id that is not here is treated by its HTTP status and shown in eBay's own words.
Sources: guide "Using eBay RESTful APIs" (common error messages), the error tables in
the OpenAPI documents of each API, the OAuth guides, "Digital Signatures for APIs", and
for Trading the error codes seen in answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Fate(Enum):
    """What becomes of the call."""

    RETRY = "retry"  # eBay is at fault: later
    BUSY = "busy"  # eBay works on the same record: later, eBay itself is well
    LIMIT = "limit"  # no more calls to that API for a while
    RENEW = "renew"  # a new access token may help
    RECONNECT = "reconnect"  # only the seller (or the admin) can help
    FORBID = "forbid"  # the token is good, but not for this call
    REJECT = "reject"  # this record will not pass as it is


@dataclass(frozen=True)
class KnownError:
    """`meaning` is what happened, `advice` what a person can do about it."""

    fate: Fate
    meaning: str
    advice: str = ""


_RECONNECT = "Connect the account again."
_KEYS = "Check client ID, client secret and environment (sandbox or production)."
_LATER = "It is tried again automatically."
_DEVELOPER = "This is a fault of the program; report it with the request id."
_SIGNING = "Check the signing key of the account and the clock of the server."

_RETRY, _BUSY, _LIMIT = Fate.RETRY, Fate.BUSY, Fate.LIMIT
_RENEW, _STOP, _NO = Fate.RENEW, Fate.RECONNECT, Fate.REJECT
_FORBID = Fate.FORBID

KNOWN_ERRORS: Mapping[str, KnownError] = MappingProxyType(
    {
        # any REST API
        "1001": KnownError(_RENEW, "The access token is invalid or has expired"),
        "1002": KnownError(_NO, "No access token was sent", _DEVELOPER),
        "1003": KnownError(_NO, "The token was sent in a wrong form", _DEVELOPER),
        "1004": KnownError(_RETRY, "eBay could not check the token", _LATER),
        "1100": KnownError(
            _FORBID,
            "The consent does not cover this call",
            "Connect the account again and grant every permission asked for.",
        ),
        "2001": KnownError(_LIMIT, "eBay's request limit is reached", _LATER),
        "2002": KnownError(_NO, "eBay does not know this address", _DEVELOPER),
        "2003": KnownError(_RETRY, "eBay had an internal error", _LATER),
        "2004": KnownError(_NO, "eBay could not read the request"),
        "3001": KnownError(_NO, "eBay's gateway refused the request", _DEVELOPER),
        "3002": KnownError(_NO, "eBay's gateway could not read the request"),
        "3003": KnownError(_NO, "eBay's gateway does not know this address"),
        "3004": KnownError(_RETRY, "eBay's gateway had an internal error", _LATER),
        "3005": KnownError(_RETRY, "eBay's gateway got no answer", _LATER),
        # OAuth
        "invalid_grant": KnownError(
            _STOP, "The seller's consent is no longer valid", _RECONNECT
        ),
        "invalid_client": KnownError(_STOP, "eBay does not accept the keyset", _KEYS),
        "unauthorized_client": KnownError(
            _STOP, "The keyset may not use this kind of access", _KEYS
        ),
        "invalid_scope": KnownError(
            _STOP, "The keyset lacks a permission that was asked for", _RECONNECT
        ),
        "access_denied": KnownError(_STOP, "The seller declined", _RECONNECT),
        "invalid_request": KnownError(
            _NO, "eBay could not read the token request", "Check the RuName."
        ),
        "unsupported_grant_type": KnownError(_NO, "eBay refused the kind of grant"),
        "server_error": KnownError(_RETRY, "eBay's sign-in had an error", _LATER),
        "temporarily_unavailable": KnownError(
            _RETRY, "eBay's sign-in is unavailable", _LATER
        ),
        # Inventory
        "25001": KnownError(_RETRY, "eBay's inventory had an internal error", _LATER),
        "25002": KnownError(
            _NO, "eBay refused the data", "Read eBay's words; a duplicate names it."
        ),
        "25003": KnownError(_NO, "The price is not valid for this listing"),
        "25004": KnownError(_NO, "The quantity is not valid for this listing"),
        "25005": KnownError(
            _NO, "The category is not valid", "Choose a leaf category."
        ),
        "25007": KnownError(_NO, "The fulfillment policy has a fault"),
        "25008": KnownError(_NO, "The payment policy has a fault"),
        "25009": KnownError(_NO, "The return policy has a fault"),
        "25012": KnownError(_NO, "The inventory location is not valid"),
        "25018": KnownError(
            _NO,
            "The seller's account information is incomplete",
            "Complete it at eBay.",
        ),
        "25019": KnownError(_NO, "This listing cannot be revised"),
        "25025": KnownError(_BUSY, "eBay is working on the same item", _LATER),
        "25026": KnownError(
            _NO, "The seller's selling limit is reached", "Ask eBay for a higher limit."
        ),
        "25029": KnownError(_NO, "An item specific required here is missing"),
        "25098": KnownError(_NO, "eBay holds this listing for a policy reason"),
        "25604": KnownError(_NO, "eBay could not use the data sent"),
        "25701": KnownError(_NO, "eBay does not know some of these SKUs"),
        "25702": KnownError(_NO, "eBay does not know this SKU"),
        "25703": KnownError(_NO, "The SKU belongs to another variation group"),
        "25704": KnownError(_NO, "The SKU is already listed alone"),
        "25705": KnownError(_NO, "eBay does not know this variation group"),
        "25707": KnownError(_NO, "eBay does not accept this SKU"),
        "25709": KnownError(_NO, "A field or header has a value eBay refuses"),
        "25710": KnownError(_NO, "eBay does not know this record"),
        "25713": KnownError(
            _NO,
            "The offer is not available",
            "It may be gone, or its policies belong to another marketplace.",
        ),
        "25718": KnownError(_NO, "This listing cannot be migrated"),
        "25732": KnownError(_NO, "A variation cannot be published alone"),
        "25803": KnownError(_NO, "It exists already"),
        # Account
        "20403": KnownError(_NO, "A field is not valid, or no business policies yet"),
        "20404": KnownError(_NO, "Not found in the seller's account"),
        "20500": KnownError(_RETRY, "eBay's account service had an error", _LATER),
        "20501": KnownError(_RETRY, "eBay's account service is unavailable", _LATER),
        # Fulfillment
        "30500": KnownError(_RETRY, "eBay's order service had an error", _LATER),
        "30850": KnownError(_NO, "A date lies in the future", "Check the clock."),
        "31100": KnownError(_NO, "The page size is not allowed", _DEVELOPER),
        "32100": KnownError(_NO, "eBay does not know this order"),
        "32200": KnownError(_NO, "eBay does not know this order line"),
        "32300": KnownError(_NO, "Tracking number or carrier is not valid"),
        "32400": KnownError(_NO, "The seller's account is suspended at eBay"),
        "34900": KnownError(_RETRY, "eBay's refund service had an error", _LATER),
        "34915": KnownError(_NO, "The refund is higher than what is left"),
        "34916": KnownError(_NO, "A case is open for this order", "Refund there."),
        "34917": KnownError(_NO, "The order has been refunded already"),
        "34922": KnownError(_NO, "An earlier refund is still being processed"),
        "34924": KnownError(_NO, "The refund is higher than what is left"),
        # Notification
        "195000": KnownError(_RETRY, "eBay's notification service had an error"),
        "195003": KnownError(_NO, "No alert e-mail is set for notifications yet"),
        "195011": KnownError(_NO, "The keyset may not subscribe to this topic"),
        "195012": KnownError(_NO, "This subscription exists already"),
        "195017": KnownError(_NO, "eBay does not accept this webhook address"),
        "195020": KnownError(
            _NO,
            "eBay's challenge to the webhook address failed",
            "The address must be reachable from the internet over HTTPS.",
        ),
        "195021": KnownError(_NO, "This webhook address is registered already"),
        # Feed
        "160001": KnownError(_RETRY, "eBay's feed service had an error", _LATER),
        "160002": KnownError(_FORBID, "The consent does not fit this kind of feed"),
        "160024": KnownError(_LIMIT, "Too many feed tasks at once", _LATER),
        "160025": KnownError(_LIMIT, "eBay's daily number of feed tasks is reached"),
        # Media, Taxonomy, Metadata
        "190000": KnownError(_RETRY, "eBay's media service had an error", _LATER),
        "190201": KnownError(_NO, "The image file is too large"),
        "190202": KnownError(_NO, "The image has too few or too many pixels"),
        "190203": KnownError(_NO, "The image format is not supported"),
        "62000": KnownError(_RETRY, "eBay's category service had an error", _LATER),
        "62005": KnownError(_NO, "The category is not in this category tree"),
        "62009": KnownError(_NO, "The category is no leaf", "Choose one of its own."),
        "46000": KnownError(_RETRY, "eBay's metadata service had an error", _LATER),
        # Digital signatures
        "215000": KnownError(_NO, "The digital signature is missing", _SIGNING),
        "215001": KnownError(_NO, "The digital signature is missing", _SIGNING),
        "215002": KnownError(_RETRY, "eBay could not check the signature", _LATER),
        "215003": KnownError(_RETRY, "eBay could not check the signature", _LATER),
        "215114": KnownError(_NO, "The digital signature is out of date", _SIGNING),
        "215120": KnownError(_NO, "The digital signature is wrong", _SIGNING),
        "215121": KnownError(_NO, "The digital signature is wrong", _SIGNING),
        "215122": KnownError(_NO, "The digital signature is wrong", _SIGNING),
        # Trading (the old XML interface)
        "17": KnownError(_NO, "The listing does not exist or belongs to someone else"),
        "35": KnownError(_NO, "The listing does not exist or has no such detail"),
        "291": KnownError(_NO, "The listing has ended and cannot be revised"),
        "518": KnownError(_LIMIT, "eBay's limit of Trading calls is reached", _LATER),
        "930": KnownError(_RENEW, "No token reached eBay"),
        "931": KnownError(_RENEW, "The access token is not valid"),
        "932": KnownError(_RENEW, "The access token has expired"),
        "21916984": KnownError(_RENEW, "The access token is not valid"),
        "21917053": KnownError(_RENEW, "The access token has expired"),
        "93001": KnownError(_RENEW, "eBay could not authenticate the request"),
        "10007": KnownError(
            _RETRY,
            "eBay's Trading service had an internal error",
            "If it stays, check the shipping service of the listing.",
        ),
        "21919188": KnownError(
            _NO, "The seller's selling limit is reached", "Ask eBay for a higher limit."
        ),
        "21919301": KnownError(
            _NO,
            "The category does not fit the listing",
            "Choose another leaf category and check its item specifics.",
        ),
        "21919303": KnownError(_NO, "An item specific required here is missing"),
    }
)


def may_pass_later(error_ids: Iterable[str]) -> bool:
    """Whether one of these ids says that eBay was at fault, busy, or had enough."""
    fates = {KNOWN_ERRORS[one].fate for one in error_ids if one in KNOWN_ERRORS}
    return bool(fates & {Fate.RETRY, Fate.BUSY, Fate.LIMIT})
