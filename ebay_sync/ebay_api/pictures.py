"""Pictures of listings, from eBay's own picture hosts and from nowhere else.

The address comes from outside: it must be https on eBay's picture domain (or lie on
this machine where the whole eBay does), no token goes with the request, no redirect is
followed, and what comes back must be a picture of a bearable size.
"""

from datetime import datetime
from urllib.parse import urlsplit

from .calls import MEBIBYTE, Answer, Call
from .errors import ContractError, InvalidArgument
from .hosts import Hosts, is_loopback
from .transport import Transport

PICTURE_DOMAIN = ".ebayimg.com"
LARGEST_PICTURE = 12 * MEBIBYTE
_BEGINNINGS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def fetch_picture(transport: Transport, hosts: Hosts, url: str) -> bytes:
    """The picture at an address that eBay named.

    Raises `InvalidArgument` for an address that is not eBay's, `ContractError` for
    what is no JPEG, PNG, GIF or WebP picture, and what `Transport.send` raises.
    """
    if not _is_ebays(url, hosts):
        raise InvalidArgument("The address of this picture is not one of eBay's")
    call = Call(
        api="pictures",
        name="getPicture",
        method="GET",
        url=url,
        headers={"Accept": "image/jpeg, image/png, image/webp, image/gif"},
        max_bytes=LARGEST_PICTURE,
    )
    return transport.send(call, _check).body


def picture_type(content: bytes) -> str | None:
    """The media type that the first bytes of a picture tell, or None."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for begin, kind in _BEGINNINGS.items() if content.startswith(begin)), None
    )


def _is_ebays(url: str, hosts: Hosts) -> bool:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    if is_loopback(urlsplit(hosts.api).hostname or ""):  # a simulator: all is local
        return is_loopback(host) and parts.scheme in ("http", "https")
    ours = f".{host}".endswith(PICTURE_DOMAIN)
    return parts.scheme == "https" and ours and port in (None, 443)


def _check(call: Call, answer: Answer, now: datetime) -> None:
    # A refusal here says nothing about the account's token: none was sent.
    if answer.status != 200 or picture_type(answer.body) is None:
        raise ContractError(
            "What eBay sent is no picture",
            status=answer.status,
            request_id=answer.request_id,
            api=call.api,
            call=call.name,
        )
