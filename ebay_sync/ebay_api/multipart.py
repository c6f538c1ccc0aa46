"""A file as multipart/form-data, the only form in which eBay takes uploads."""

import re

from urllib3.filepost import encode_multipart_formdata

from .errors import InvalidArgument

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
    return encode_multipart_formdata({field: (plain, content, content_type)})
