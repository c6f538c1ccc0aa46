"""What can go wrong, named by what the caller does next.

Transient       try the same thing later
RateLimited     stop calling that API until `until`
AuthError       `refreshable`: renew the token; otherwise the seller must reconnect
Forbidden       this call is not permitted; the account's other calls are
Rejected        this record will not pass as it is; show eBay's words
ContractError   eBay answered something unreadable; keep it, never step over it
WritesRefused   our own barrier: this client may only read
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

BODY_KEPT = 64 * 1024


@dataclass(frozen=True)
class ErrorDetail:
    """One entry of eBay's error or warning list, whichever shape it came in.

    `error_id` is a string: a number for REST, Trading and Post-Order ("25002"), a word
    for OAuth ("invalid_grant").
    """

    error_id: str
    message: str = ""
    long_message: str = ""
    domain: str = ""
    category: str = ""
    severity: str = "Error"
    parameters: tuple[tuple[str, str], ...] = ()
    input_refs: tuple[str, ...] = ()

    def parameter(self, name: str) -> str | None:
        """The value of the first parameter called `name`, if eBay sent one."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def text(self) -> str:
        """eBay's own words, the longer ones where there are two."""
        return self.long_message or self.message


class EbayError(Exception):
    """Base of all errors of this package. The message is plain and free of secrets.

    `status` is the HTTP status or None when there was no answer; `errors` are eBay's
    own entries; `request_id` is what eBay's support asks for; `api` and `call` say
    which call it was (eBay's operation name).
    """

    default_message = "The call to eBay failed"

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        errors: Sequence[ErrorDetail] = (),
        request_id: str = "",
        api: str = "",
        call: str = "",
    ) -> None:
        super().__init__(message or self.default_message)
        self.status = status
        self.errors = tuple(errors)
        self.request_id = request_id
        self.api = api
        self.call = call

    @property
    def message(self) -> str:
        """What happened, in plain words; the first 60 characters suffice."""
        return str(self.args[0])

    @property
    def error_ids(self) -> tuple[str, ...]:
        """eBay's error ids, in eBay's order."""
        return tuple(detail.error_id for detail in self.errors)

    def has(self, *error_ids: str) -> bool:
        """Whether eBay named one of these error ids."""
        return any(error_id in error_ids for error_id in self.error_ids)


class Transient(EbayError):
    """A time-out, a broken line or a fault inside eBay: the same call may pass later.

    `outcome_unknown` is true when eBay may have carried the call out although no answer
    came: read eBay before writing again. `retry_at` is set when eBay named a time.
    `server_down` is false where eBay was well and merely busy with the same record.
    """

    default_message = "eBay did not answer properly"

    def __init__(
        self,
        message: str = "",
        *,
        outcome_unknown: bool = False,
        retry_at: datetime | None = None,
        server_down: bool = True,
        **facts,
    ) -> None:
        super().__init__(message, **facts)
        self.outcome_unknown = outcome_unknown
        self.retry_at = retry_at
        self.server_down = server_down


class CircuitOpen(Transient):
    """Not sent: this API failed several times running and is left alone for a while."""

    default_message = "eBay has been failing, not asked again yet"


class RateLimited(EbayError):
    """No more calls to this API before `until` (aware UTC).

    `certain` is false when eBay named no time and `until` is a guess of one hour: ask
    the Developer Analytics API for the real reset. `local` is true when our own budget
    said no and nothing was sent.
    """

    default_message = "eBay's request limit is reached"

    def __init__(
        self,
        message: str = "",
        *,
        until: datetime | None = None,
        certain: bool = True,
        local: bool = False,
        **facts,
    ) -> None:
        super().__init__(message, **facts)
        if until is None:
            until = datetime.now(timezone.utc) + timedelta(hours=1)
            certain = False
        self.until = until
        self.certain = certain
        self.local = local


class AuthError(EbayError):
    """eBay does not accept the token.

    `refreshable`: a new access token may help. Otherwise consent, keys or scopes are
    wrong and the seller has to connect the account again.
    """

    default_message = "eBay does not accept the access token"

    def __init__(
        self, message: str = "", *, refreshable: bool = False, **facts
    ) -> None:
        super().__init__(message, **facts)
        self.refreshable = refreshable


class Forbidden(EbayError):
    """eBay accepts the token, but this call is not among what it permits.

    It says nothing about the record that was sent, and nothing about other calls.
    """

    default_message = "eBay does not permit this call"


class Rejected(EbayError):
    """eBay understood the call and refused it; `errors` says why, in eBay's words."""

    default_message = "eBay refused the request"

    @property
    def not_found(self) -> bool:
        """Whether the thing asked for does not exist at eBay. An address that eBay does
        not know (2002, 3003) says nothing about the thing."""
        if self.has("2002", "3003"):
            return False
        return self.status == 404 or self.has(*NOT_FOUND_IDS)


class InvalidArgument(Rejected, ValueError):
    """Refused here, before any request: a value that cannot be sent to eBay."""

    default_message = "A value cannot be sent to eBay"


class ContractError(EbayError):
    """eBay answered, but not in a form we can read. `body` keeps its first 64 KiB."""

    default_message = "eBay answered something unreadable"

    def __init__(self, message: str = "", *, body: bytes = b"", **facts) -> None:
        super().__init__(message, **facts)
        self.body = body[:BODY_KEPT]


class WritesRefused(EbayError):
    """This client is read-only (paused or mirror account, copied database)."""

    default_message = "Writing to eBay is switched off for this account"


# Ids that mean "no such thing", whatever HTTP status they come with. Sources: error
# tables of Inventory, Fulfillment, Notification, Feed and Media; 17 and 35: Trading.
NOT_FOUND_IDS = frozenset(
    {
        "20404",
        "25702",
        "25705",
        "25710",
        "25713",
        "25805",
        "32100",
        "34913",
        "195001",
        "195002",
        "195013",
        "195022",
        "195026",
        "160003",
        "160014",
        "190200",
        "17",
        "35",
    }
)
