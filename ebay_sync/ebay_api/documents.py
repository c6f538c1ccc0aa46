"""JSON in and out: what we send is exact, what we read is checked.

Money goes out as strings and never passes through a float; a 2xx answer that is no
JSON object is a `ContractError` with its body kept, never an empty dict.
"""

import json
from decimal import Decimal
from typing import Any

from .calls import Answer, Call
from .error_shapes import rest_details
from .errors import ContractError, ErrorDetail, InvalidArgument

Json = dict[str, Any]


class Reply(dict):
    """A JSON object from eBay as it came, with what the HTTP answer said around it.

    Use it like the dict it is. `status` is the HTTP status, `request_id` eBay's id of
    the request, `location` the URL of a created resource, `date` eBay's time as its
    header has it. Unknown fields stay in it.
    """

    def __init__(self, document: Json, answer: Answer) -> None:
        super().__init__(document)
        self.status = answer.status
        self.request_id = answer.request_id
        self.location = answer.headers.get("Location", "")
        self.date = answer.headers.get("Date", "")

    @property
    def created_id(self) -> str:
        """The last part of `location`: the id of what was created, or ''."""
        return self.location.split("?")[0].rstrip("/").rpartition("/")[2]

    @property
    def warnings(self) -> tuple[ErrorDetail, ...]:
        """eBay's warnings on a successful call; they never make it a failure."""
        return rest_details(self.get("warnings"), severity="Warning")


def read_document(call: Call, answer: Answer, empty_ok: bool = False) -> Json:
    """The JSON object in a successful answer.

    204 is an empty object; another empty answer only with `empty_ok`. Raises
    `ContractError` for anything that is no JSON object.
    """
    if answer.status == 204 or (empty_ok and not answer.body.strip()):
        return {}
    try:
        document = json.loads(answer.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _unreadable(call, answer, "is no JSON") from None
    if not isinstance(document, dict):
        raise _unreadable(call, answer, "is no JSON object")
    return document


def require_list(call: Call, answer: Answer, document: Json, key: str) -> None:
    """Checks that a page or bulk answer holds its list.

    The list may be missing only when eBay says that the total is zero. Raises
    `ContractError`: an answer without its list must never look like "nothing new".
    """
    value = document.get(key)
    if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return
    if value is None and answer.status == 204:
        return
    if value is None and document.get("total") == 0:
        return
    raise _unreadable(call, answer, f"lacks the list {key}")


def require_text(call: Call, answer: Answer, document: Json, key: str) -> None:
    """Checks that an answer holds the text it was made for, such as an id."""
    if not isinstance(document.get(key), str) or not document[key]:
        raise _unreadable(call, answer, f"lacks {key}")


def _unreadable(call: Call, answer: Answer, fault: str) -> ContractError:
    return ContractError(
        f"eBay's answer {fault} ({call.name}, HTTP {answer.status})",
        # A token answer may hold a token even when it is broken: it is not kept.
        body=b"" if call.api == "oauth" else answer.body,
        status=answer.status,
        request_id=answer.request_id,
        api=call.api,
        call=call.name,
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def write_document(document: Json) -> bytes:
    """The JSON text of a request body in UTF-8.

    The `value` beside a `currency` is money: a Decimal becomes a string, a float raises
    `InvalidArgument`. Elsewhere (weights, sizes, percentages, which eBay's documents
    hold as numbers) Decimals become numbers. NaN and values that JSON has no form for
    raise `InvalidArgument` too.
    """
    try:
        text = json.dumps(
            _exact(document), ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        return text.encode()
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise InvalidArgument(f"This cannot be written as JSON: {error}") from None


def amount(value: Decimal | str, currency: str) -> Json:
    """eBay's Amount: ``{"value": "12.50", "currency": "EUR"}``.

    `value` is a Decimal or its text; a float raises `InvalidArgument`.
    """
    return {"value": decimal_text(value), "currency": currency}


def decimal_text(value: Decimal | str | int) -> str:
    """A decimal number as plain text, without exponent."""
    if isinstance(value, bool) or not isinstance(value, Decimal | str | int):
        raise InvalidArgument(
            f"Amounts are Decimal or text, not {type(value).__name__}"
        )
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise InvalidArgument(f"Not a decimal number: {value!r}") from None
    if not number.is_finite():
        raise InvalidArgument(f"Not a decimal number: {value!r}")
    return f"{number:f}"


def _exact(value: Any, money: bool = False) -> Any:
    if isinstance(value, float) and money:
        raise InvalidArgument("An amount was given as float: use Decimal or text")
    if isinstance(value, Decimal):
        return decimal_text(value) if money else _number(value)
    if isinstance(value, dict):
        priced = "currency" in value
        return {
            key: _exact(entry, priced and key == "value")
            for key, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [_exact(entry) for entry in value]
    return value


def _number(value: Decimal) -> int | float:
    text = decimal_text(value)
    if value == value.to_integral_value():
        return int(value)
    number = float(text)
    if Decimal(repr(number)) != value:
        raise InvalidArgument(f"Too many digits for a JSON number: {text}")
    return number
