"""Refusals in eBay's words. Ids and texts: guide "Using eBay RESTful APIs"."""

from __future__ import annotations

from typing import Any


class EbayError(Exception):
    """Raised by a handler; the API's ``render_error`` turns it into the answer.

    ``parameters`` are eBay's name/value pairs, given here as a dictionary.
    """

    def __init__(
        self,
        status: int,
        error_id: int,
        message: str,
        long_message: str | None = None,
        *,
        domain: str = "ACCESS",
        category: str = "REQUEST",
        subdomain: str | None = None,
        parameters: dict[str, str] | None = None,
        input_ref_ids: list[str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(f"{error_id} {message}")
        self.status = status
        self.headers = headers or {}
        self.error: dict[str, Any] = {
            "errorId": error_id,
            "domain": domain,
            "category": category,
            "message": message,
        }
        if subdomain:
            self.error["subdomain"] = subdomain
        if long_message or message:
            self.error["longMessage"] = long_message or message
        if input_ref_ids:
            self.error["inputRefIds"] = input_ref_ids
        if parameters:
            self.error["parameters"] = [
                {"name": name, "value": value} for name, value in parameters.items()
            ]


def _oauth(status: int, error_id: int, message: str, long_message: str) -> EbayError:
    return EbayError(status, error_id, message, long_message, domain="OAuth")


def invalid_token() -> EbayError:
    """401/1001: expired, revoked or unknown access token."""
    return _oauth(
        401,
        1001,
        "Invalid access token",
        "Invalid access token. Check the value of the Authorization HTTP request "
        "header.",
    )


def missing_token() -> EbayError:
    """400/1002: no Authorization header."""
    return _oauth(
        400,
        1002,
        "Missing access token",
        "Access token is missing in the Authorization HTTP request header.",
    )


def wrong_scheme() -> EbayError:
    """400/1003: the Authorization header has another scheme than this API takes."""
    return _oauth(
        400,
        1003,
        "Token type in the Authorization header is invalid",
        "The token type in the Authorization HTTP request header is invalid. Check "
        "the value of the Authorization header.",
    )


def insufficient_permissions() -> EbayError:
    """403/1100: the token lacks the scope, or is of the other kind (app/user)."""
    return _oauth(
        403,
        1100,
        "Access denied",
        "Insufficient permissions to fulfill the request.",
    )


def too_many_requests(retry_after: int | None = None) -> EbayError:
    """429/2001; eBay sends no Retry-After, so it is there only when asked for."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return EbayError(
        429,
        2001,
        "Too many requests.",
        "The request limit has been reached for the resource.",
        headers=headers,
    )


def not_resolved() -> EbayError:
    """404/2002: no such resource (path)."""
    return EbayError(404, 2002, "Resource not found", "The resource was not resolved.")


def internal() -> EbayError:
    """500/2003: eBay's own fault."""
    return EbayError(
        500,
        2003,
        "Internal error",
        "There was a problem with an eBay internal system or process.",
        category="APPLICATION",
    )


def bad_request(long_message: str) -> EbayError:
    """400/2004: malformed JSON or a value that cannot be read."""
    return EbayError(400, 2004, "Invalid request", long_message)


def too_large() -> EbayError:
    """413/3001: the gateway rejects the request."""
    return EbayError(
        413, 3001, "Request rejected", "The request is too large.", domain="ROUTING"
    )
