"""Files in multipart bodies."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from .calls import Call
from .errors import bad_request


async def uploaded_file(call: Call, part: str) -> bytes | None:
    """The content of the file in that part, or None when the body has no such part.

    Raises EbayError 400/2004 for a body that is no multipart form.
    """
    if not call.headers.get("content-type", "").startswith("multipart/form-data"):
        return None

    async def body() -> AsyncIterator[bytes]:
        yield call.body
        yield b""

    try:
        form = await MultiPartParser(call.headers, body()).parse()
    except (MultiPartException, KeyError) as error:
        raise bad_request("The multipart body cannot be read.") from error
    given = form.get(part)
    if not isinstance(given, UploadFile):
        return None
    content = await given.read()
    await form.close()
    return content
