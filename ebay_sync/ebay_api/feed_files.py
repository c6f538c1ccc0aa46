"""What is inside eBay's feed files: the active inventory report, quantity uploads.

Source: eBay's Merchant Data reference, "ActiveInventoryReport" and
"ReviseInventoryStatus". Files may be large: they are read piece by piece, and capped.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from .calls import MEBIBYTE, is_whole_number
from .error_shapes import trading_details
from .errors import ContractError, ErrorDetail
from .known_errors import may_pass_later
from .trading_xml import NAMESPACE, InventoryStatus, build_bulk, local_name
from .xml_reader import Element, Readable, UnreadableXml, forget, xml_events
from .xml_repair import FORBIDDEN_BYTES

LARGEST_UNPACKED = 1024 * MEBIBYTE
_KNOWN_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1


@dataclass(frozen=True)
class ReportRow:
    """One sellable thing of the active inventory report; texts as eBay sent them.

    A variation carries its own SKU, price and quantity and the listing's `item_id`;
    `aspects` are the pairs of name and value that make it.
    """

    item_id: str
    sku: str
    price: str
    currency: str
    quantity: str
    is_variation: bool = False
    aspects: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class UploadResult:
    """What became of entry `number` (from 0) of an upload."""

    number: int | None
    ok: bool
    errors: tuple[ErrorDetail, ...]

    @property
    def retryable(self) -> bool:
        """Whether eBay itself was at fault or busy with the same record."""
        return not self.ok and may_pass_later(one.error_id for one in self.errors)


class _Capped:
    """Passes bytes on until a limit: a small archive may hold an endless file.

    What XML forbids is left out on the way: one such SKU spoils the whole file.
    """

    def __init__(self, source: Readable, limit: int) -> None:
        self._source = source
        self._left = limit

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ContractError("eBay's feed file is too large when unpacked")
        return data.translate(None, FORBIDDEN_BYTES)


@contextmanager
def unpacked(file: BinaryIO, limit: int = LARGEST_UNPACKED) -> Iterator[Readable]:
    """The content of a result file, whether it is plain, gzip or zip.

    Raises `ContractError` for a broken archive, for a zip that does not hold exactly
    one plain file, and for more than `limit` bytes of content.
    """
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    try:
        if magic.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=file) as content:
                yield _Capped(content, limit)
        elif magic == b"PK\x03\x04":
            with zipfile.ZipFile(file) as archive:
                with archive.open(_only_file(archive)) as content:
                    yield _Capped(content, limit)
        else:
            yield _Capped(file, limit)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise ContractError(f"eBay's feed file cannot be unpacked: {error}") from None


def _only_file(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one file of an archive, which is read and never put anywhere."""
    files = [info for info in archive.infolist() if not info.is_dir()]
    if len(files) != 1:
        raise ContractError("eBay's archive does not hold one file")
    if files[0].compress_type not in _KNOWN_PACKING or files[0].flag_bits & _ENCRYPTED:
        raise ContractError("eBay's archive is packed in a way that nobody can open")
    return files[0]


def report_rows(content: Readable) -> Iterator[ReportRow]:
    """The rows of an active inventory report, one at a time.

    A listing with variations gives one row per variation. Raises `ContractError` for
    what is no such report: a broken file must not look like an empty shop.
    """
    for details in _records(content, "SKUDetails", within="ActiveInventoryReport"):
        yield from _rows(details)


def revise_inventory_file(entries: Iterable[InventoryStatus], site_id: int) -> bytes:
    """The XML of a LMS_REVISE_INVENTORY_STATUS upload; several thousand per file."""
    bodies = ({"InventoryStatus": entry.fields()} for entry in entries)
    return build_bulk("ReviseInventoryStatus", bodies, site_id)


def upload_results(content: Readable) -> Iterator[UploadResult]:
    """What became of each entry of an upload, one at a time.

    Raises `ContractError` for what is no result file.
    """
    for response in _records(
        content, "ReviseInventoryStatusResponse", within="BulkDataExchangeResponses"
    ):
        parts = _parts(response)
        number = _text(parts, "CorrelationID")
        yield UploadResult(
            number=int(number) if is_whole_number(number) else None,
            ok=_text(parts, "Ack") in ("Success", "Warning"),
            errors=trading_details(response),
        )


def _records(content: Readable, name: str, within: str) -> Iterator[Element]:
    """Each element `name`, forgotten when the next one is asked for.

    Raises `ContractError` where there is no element `within` that holds them.
    """
    is_inside = False
    names = (name, f"{NAMESPACE}{name}", within, f"{NAMESPACE}{within}")
    try:
        for event, element in xml_events(content, *names):
            if event == "start":
                is_inside |= local_name(element) == within
            elif is_inside and local_name(element) == name:
                yield element
                forget(element)
    except UnreadableXml as error:
        raise ContractError(f"eBay's file is no readable XML: {error}") from None
    if not is_inside:
        raise ContractError(f"eBay's file holds no {within}")


def _rows(details: Element) -> Iterator[ReportRow]:
    parts = _parts(details)
    item_id = _text(parts, "ItemID")
    if not item_id:
        raise ContractError("eBay's report has a row without ItemID")
    variations = [
        _parts(variation)
        for variation in parts.get("Variations", ())
        if local_name(variation) == "Variation"
    ]
    for one in variations or [parts]:
        price = one.get("Price")
        yield ReportRow(
            item_id=item_id,
            sku=_text(one, "SKU"),
            price=_text(one, "Price"),
            currency=price.get("currencyID", "") if price is not None else "",
            quantity=_text(one, "Quantity"),
            is_variation=bool(variations),
            aspects=tuple(_aspects(one.get("VariationSpecifics", ()))),
        )


def _aspects(specifics: Iterable[Element]) -> Iterator[tuple[str, str]]:
    for entry in specifics:
        parts = _parts(entry)
        yield _text(parts, "Name"), _text(parts, "Value")


def _parts(element: Element) -> dict[str, Element]:
    """The children by name; the first where there are several."""
    parts: dict[str, Element] = {}
    for child in element:
        parts.setdefault(local_name(child), child)
    return parts


def _text(parts: dict[str, Element], name: str) -> str:
    child = parts.get(name)
    return (child.text or "").strip() if child is not None else ""
