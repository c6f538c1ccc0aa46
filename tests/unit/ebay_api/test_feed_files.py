"""Feed files: the active inventory report, the quantity upload and its results."""

import gzip
import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ebay_api.errors import ContractError, InvalidArgument
from ebay_api.feed_files import (
    ReportRow,
    report_rows,
    revise_inventory_file,
    unpacked,
    upload_results,
)
from ebay_api.trading_xml import InventoryStatus

NAMESPACE = 'xmlns="urn:ebay:apis:eBLBaseComponents"'
REPORT = f"""<?xml version="1.0" encoding="UTF-8"?>
<BulkDataExchangeResponses {NAMESPACE}><ActiveInventoryReport>
<SKUDetails><SKU>A-1</SKU><Price currencyID="EUR">9.90</Price><Quantity>3</Quantity>
<ItemID>110</ItemID></SKUDetails>
<SKUDetails><ItemID>111</ItemID><Variations>
<Variation><SKU>V-1</SKU><Price currencyID="EUR">5.0</Price><Quantity>0</Quantity>
</Variation><Variation><SKU>V-2</SKU><Quantity>7</Quantity><VariationSpecifics>
<NameValueList><Name>Size</Name><Value>M</Value></NameValueList></VariationSpecifics>
</Variation></Variations>
</SKUDetails></ActiveInventoryReport></BulkDataExchangeResponses>""".encode()
ROWS = [
    ReportRow("110", "A-1", "9.90", "EUR", "3"),
    ReportRow("111", "V-1", "5.0", "EUR", "0", is_variation=True),
    ReportRow("111", "V-2", "", "", "7", is_variation=True, aspects=(("Size", "M"),)),
]


def zipped(*names, packing=zipfile.ZIP_DEFLATED, flags=0):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name in names:
            archive.writestr(name, REPORT)
    raw = bytearray(file.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + place] |= flags
    return bytes(raw)


@pytest.mark.parametrize(
    "raw",
    [
        REPORT,
        gzip.compress(REPORT),
        zipped("report.xml"),
        zipped("../../etc/a.xml"),
        zipped("a.xml", packing=zipfile.ZIP_STORED),
    ],
    ids=["plain", "gzip", "zip", "zip with a way out", "zip that packs nothing"],
)
def test_a_report_is_read_however_it_is_packed(raw):
    with unpacked(io.BytesIO(raw)) as content:
        assert list(report_rows(content)) == ROWS


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html/>",
        b"{}",
        REPORT[:-200],
        gzip.compress(REPORT)[:-20],
        zipped("a.xml", "b.xml"),
        zipped(),
        zipped("a.xml", packing=zipfile.ZIP_LZMA),
        zipped("a.xml", flags=1),
        b"PK\x03\x04 broken",
        b"\x1f\x8bbroken",
        REPORT.replace(b"<ItemID>110</ItemID>", b""),
        b'<!DOCTYPE x [<!ENTITY a "b">]><ActiveInventoryReport/>',
    ],
)
def test_a_broken_report_is_not_an_empty_shop(raw):
    with pytest.raises(ContractError), unpacked(io.BytesIO(raw)) as content:
        list(report_rows(content))


def test_what_xml_forbids_does_not_spoil_the_file():
    raw = REPORT.replace(b"A-1", b"A-\x001\x1f")
    with unpacked(io.BytesIO(raw)) as content:
        assert list(report_rows(content)) == ROWS


def test_a_report_of_an_empty_shop_is_empty():
    raw = f"<x {NAMESPACE}><ActiveInventoryReport/></x>".encode()
    with unpacked(io.BytesIO(raw)) as content:
        assert list(report_rows(content)) == []


def test_a_report_of_any_length_takes_no_more_memory():
    head, row, tail = REPORT.partition(b"<SKUDetails><SKU>A-1")
    one, end, rest = tail.partition(b"</SKUDetails>")
    some = (row + one + end) * 1_000

    class Long:
        """200,000 rows more, made when they are asked for."""

        parts = iter([head, *[some] * 200, row + one + end + rest])

        def read(self, size=-1):
            return next(self.parts, b"")

    count, most, before = 0, 0, resident()
    for _row in report_rows(Long()):
        count += 1
        if count % 10_000 == 0:
            most = max(most, resident())
    assert count == 200_003
    assert most - before < 40_000_000  # it takes 250 MB to keep them


def resident():
    """Bytes of memory in use, those of C libraries among them."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def test_an_archive_that_unpacks_without_end_is_stopped():
    bomb = gzip.compress(REPORT.replace(b"A-1", b"A" * 1_000_000))
    with pytest.raises(ContractError, match="too large"):
        with unpacked(io.BytesIO(bomb), limit=100_000) as content:
            list(report_rows(content))


def test_an_upload_holds_one_numbered_request_per_entry():
    file = revise_inventory_file(
        [
            InventoryStatus("110", quantity=4),
            InventoryStatus("111", "V-1", 0, Decimal("5.00"), "EUR"),
        ],
        77,
    )
    root = ElementTree.fromstring(file.decode().replace(NAMESPACE, "").encode())
    assert root.tag == "BulkDataExchangeRequests"
    assert root.findtext("Header/SiteID") == "77"
    first, second = root.findall("ReviseInventoryStatusRequest")
    assert (first.findtext("MessageID"), second.findtext("MessageID")) == ("0", "1")
    assert second.findtext("InventoryStatus/StartPrice") == "5.00"
    with pytest.raises(InvalidArgument):
        revise_inventory_file([InventoryStatus("110")], 77)


def test_results_name_the_entry_they_belong_to():
    raw = f"""<BulkDataExchangeResponses {NAMESPACE}>
    <ReviseInventoryStatusResponse><Ack>Success</Ack><CorrelationID>0</CorrelationID>
    </ReviseInventoryStatusResponse>
    <ReviseInventoryStatusResponse><Ack>Failure</Ack><CorrelationID>1</CorrelationID>
    <Errors><ErrorCode>17</ErrorCode></Errors></ReviseInventoryStatusResponse>
    <ReviseInventoryStatusResponse><Ack>Warning</Ack></ReviseInventoryStatusResponse>
    </BulkDataExchangeResponses>""".encode()
    results = list(upload_results(io.BytesIO(raw)))
    assert [(r.number, r.ok) for r in results] == [(0, True), (1, False), (None, True)]
    assert results[1].errors[0].error_id == "17"
    assert not any(result.retryable for result in results)
    with pytest.raises(ContractError):
        list(upload_results(io.BytesIO(REPORT.replace(b"BulkDataExchange", b"X"))))


@pytest.mark.parametrize(
    ("ack", "error_id", "retryable"),
    [
        ("Failure", "10007", True),
        ("Failure", "17", False),
        ("Failure", "4711", False),
        ("Warning", "10007", False),
    ],
)
def test_an_entry_may_pass_later_where_ebay_was_at_fault(ack, error_id, retryable):
    raw = f"""<BulkDataExchangeResponses><ReviseInventoryStatusResponse>
    <Ack>{ack}</Ack><CorrelationID>0</CorrelationID>
    <Errors><ErrorCode>{error_id}</ErrorCode></Errors></ReviseInventoryStatusResponse>
    </BulkDataExchangeResponses>""".encode()
    [result] = upload_results(io.BytesIO(raw))
    assert result.retryable is retryable
