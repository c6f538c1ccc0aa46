"""Bulk calls: the size of a request, and a verdict per entry of the answer.

eBay answers a bulk call with 200 or 207 alike; each entry of `responses` has a status
of its own. A 200 around a failed entry is a failed entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .documents import Json, Reply
from .error_shapes import rest_details
from .errors import ErrorDetail, InvalidArgument
from .known_errors import may_pass_later

LARGEST_BATCH = 25
LARGEST_MIGRATION = 5


@dataclass(frozen=True)
class BulkEntry:
    """What became of one entry. Ids that eBay did not repeat are ''.

    `ok` is decided by the entry's own status; without one, by the absence of errors.
    `retryable` says that the fault was eBay's: the same entry may pass later.
    """

    ok: bool
    status: int | None
    sku: str
    offer_id: str
    listing_id: str
    errors: tuple[ErrorDetail, ...]
    warnings: tuple[ErrorDetail, ...]
    document: Json = field(repr=False)

    @property
    def retryable(self) -> bool:
        """Whether eBay itself was at fault or busy with the same record."""
        if self.ok:
            return False
        if may_pass_later(error.error_id for error in self.errors):
            return True
        return self.status is not None and (self.status >= 500 or self.status == 429)


def bulk_entries(reply: Reply) -> tuple[BulkEntry, ...]:
    """The entries of a bulk answer, in eBay's order, which need not be ours: match by
    id. An entry missing from the answer has an unknown outcome."""
    return tuple(_entry(document) for document in reply.get("responses", ()))


def requests_body(
    entries: Sequence[Json], most: int = LARGEST_BATCH, unique: str = ""
) -> Json:
    """The body of a bulk call: 1 to `most` entries, none twice.

    `unique` names the field that eBay wants to be different in all of them.
    """
    if not 1 <= len(entries) <= most:
        raise InvalidArgument(f"A bulk call takes 1 to {most} entries: {len(entries)}")
    keys = [entry.get(unique) for entry in entries] if unique else []
    if len(set(keys)) != len(keys):
        raise InvalidArgument(f"A bulk call may not name the same {unique} twice")
    return {"requests": list(entries)}


def _entry(document: Json) -> BulkEntry:
    status = document.get("statusCode")
    status = status if isinstance(status, int) else None
    errors = rest_details(document.get("errors"))
    ok = not errors if status is None else 200 <= status < 300
    return BulkEntry(
        ok=ok,
        status=status,
        sku=_id(document, "sku"),
        offer_id=_id(document, "offerId"),
        listing_id=_id(document, "listingId"),
        errors=errors,
        warnings=rest_details(document.get("warnings"), severity="Warning"),
        document=document,
    )


def _id(document: Json, name: str) -> str:
    value = document.get(name)
    return str(value) if isinstance(value, str | int) else ""
