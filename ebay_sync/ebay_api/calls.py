"""The plain values that pass between the API classes, the transport and a listener."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

MEBIBYTE = 1024 * 1024
DEFAULT_MAX_BYTES = 16 * MEBIBYTE

# What int() takes without surprise: "²" is a digit to str.isdigit(), and more than
# 4,300 digits are refused.
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")


def is_whole_number(text: str) -> bool:
    """Whether a text from outside is a whole number of a sane length."""
    return _WHOLE_NUMBER.fullmatch(text) is not None


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent.

    `name` is eBay's operation name. `writes` says that it changes something at eBay;
    `repeatable` that sending it twice has the effect of sending it once, so that it may
    be retried at once. `max_bytes` caps the (decoded) answer.
    """

    api: str
    name: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    writes: bool = False
    repeatable: bool = True
    max_bytes: int = DEFAULT_MAX_BYTES

    @property
    def kind(self) -> str:
        """Which budget the call draws on: ``pull`` or ``push``."""
        return "push" if self.writes else "pull"


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` compare without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    request_id: str = ""

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()


@dataclass(frozen=True)
class CallRecord:
    """What a listener learns about every single attempt; holds no personal data.

    `duration` is in seconds, `at` is when the attempt began (aware UTC), `outcome` is
    ``ok`` or the name of the error class, `status` is None when no answer came, `kind`
    is the budget that it counts for: ``pull`` or ``push``.
    """

    api: str
    call: str
    method: str
    at: datetime
    duration: float
    attempt: int
    outcome: str
    status: int | None = None
    request_id: str = ""
    error_ids: tuple[str, ...] = ()
    bytes_sent: int = 0
    bytes_received: int = 0
    kind: str = "pull"
