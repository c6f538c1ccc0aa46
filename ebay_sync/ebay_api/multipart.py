"""A file as multipart/form-data, the only form in which eBay takes uploads."""

import re

from .errors import InvalidArgument
from .transport import encode_form

LONGEST_NAME = 100


def file_form(
    field: str, filename: str, content: bytes, content_type: str
) -> tuple[bytes, str]:
    """Body and Content-Type of a form with one file.

    The name is cut down to plain ASCII; it means nothing to eBay. Raises
    `InvalidArgument` for an empty file.
    """
    if not content:
        raise InvalidArgument("The file to upload is empty")
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", filename)[-LONGEST_NAME:] or "file"
    return encode_form(field, plain, content, content_type)
