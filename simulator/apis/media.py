"""Media API v1_beta: pictures. Source: commerce_media_v1_beta.

A picture that no live listing uses expires after thirty days of the simulator's clock.
"""

from __future__ import annotations

import hashlib
import struct
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from ..calls import Api, Call, Operation, Quota, Reply, reply_created, reply_json
from ..clock import from_text, to_text
from ..errors import EbayError, bad_request
from ..uploads import uploaded_file

LIFE = timedelta(days=30)
LARGEST = 12 * 1024 * 1024
MOST_PIXELS = 15_000
_SCOPES = ("sell.inventory",)
_MAGIC = (
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x89PNG\r\n\x1a\n",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
)
_BRANDS = (b"avif", b"heic", b"heix", b"mif1")


def _refusal(status: int, error_id: int, message: str) -> EbayError:
    return EbayError(status, error_id, message, domain="API_MEDIA")


async def create_from_file(call: Call) -> Reply:
    """createImageFromFile: multipart, the picture in the part ``image``."""
    content = await uploaded_file(call, "image")
    if not content:
        raise bad_request("The part named image is missing.")
    if len(content) > LARGEST:
        raise _refusal(400, 190201, "The picture is larger than the limit.")
    if not _is_picture(content):
        raise _refusal(400, 190203, "The format of the picture is not supported.")
    if _largest_side(content) > MOST_PIXELS:
        raise _refusal(400, 190202, "The picture has too many pixels.")
    return _created(call, hashlib.sha256(content).hexdigest())


def _is_picture(content: bytes) -> bool:
    if content.startswith(_MAGIC):
        return True
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return True
    return content[4:8] == b"ftyp" and content[8:12] in _BRANDS


def _largest_side(content: bytes) -> int:
    """The longer side where the header tells it plainly (PNG); 0 elsewhere."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        return max(struct.unpack(">II", content[16:24]))
    return 0


def create_from_url(call: Call) -> Reply:
    """createImageFromUrl: the simulator takes any HTTPS address at its word."""
    url = call.json_object().get("imageUrl")
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme != "https" or not parts.hostname:
        raise _refusal(400, 190204, "No picture can be downloaded from imageUrl.")
    return _created(call, hashlib.sha256(str(url).encode()).hexdigest())


def _created(call: Call, digest: str) -> Reply:
    image_id = call.world.ids.uuid("image")
    document: dict[str, Any] = {
        "seller": call.seller,
        "digest": digest,
        "imageUrl": f"https://i.ebayimg.com/00/s/sim/z/{image_id}/$_1.JPG",
        "expirationDate": to_text(call.world.clock.now() + LIFE),
    }
    call.world.collection("image").put(image_id, document)
    return reply_created(call.href(f"/image/{image_id}"), _shown(document))


def _shown(document: dict[str, Any]) -> dict[str, str]:
    return {name: document[name] for name in ("imageUrl", "expirationDate")}


def get_image(call: Call) -> Reply:
    """getImage; 404/190200 for one that is unknown or has expired unused."""
    document = call.world.collection("image").get(call.params["image_id"])
    if document is None or document["seller"] != call.seller:
        raise _refusal(404, 190200, "The picture was not found.")
    expired = from_text(document["expirationDate"]) <= call.world.clock.now()
    if expired and not _is_shown(call, document["imageUrl"]):
        raise _refusal(404, 190200, "The picture was not found.")
    return reply_json(_shown(document))


def _is_shown(call: Call, url: str) -> bool:
    row = call.world.database.execute(
        "SELECT 1 FROM listing WHERE seller = ? AND status = 'ACTIVE'"
        " AND instr(document, ?) LIMIT 1",
        (call.seller, url),
    ).fetchone()
    return row is not None


API = Api(
    name="commerce.media",
    prefix="/commerce/media/v1_beta",
    quota=Quota("commerce", "media", "commerce.media.image", 1_000_000, "v1_beta"),
    operations=[
        Operation(
            "POST",
            "/image/create_image_from_file",
            "createImageFromFile",
            create_from_file,
            scopes=_SCOPES,
        ),
        Operation(
            "POST",
            "/image/create_image_from_url",
            "createImageFromUrl",
            create_from_url,
            scopes=_SCOPES,
        ),
        Operation("GET", "/image/{image_id}", "getImage", get_image, scopes=_SCOPES),
    ],
)
