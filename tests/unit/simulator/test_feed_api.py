"""The Feed API: report and upload tasks, from creation to the result file."""

from __future__ import annotations

import gzip
import io
import zipfile
from xml.etree import ElementTree

import pytest

from simulator import behaviour
from simulator.listings import listings
from simulator.seed import SELLER

V1 = "/sell/feed/v1"
NS = "{urn:ebay:apis:eBLBaseComponents}"
REPORT = {"feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0"}
UPLOAD = {"feedType": "LMS_REVISE_INVENTORY_STATUS", "schemaVersion": "1.0"}


def error(answer):
    return answer.status_code, answer.json()["errors"][0]["errorId"]


def order_report(client, **changes):
    return client.post(f"{V1}/inventory_task", json={**REPORT, **changes})


def upload_task(client):
    return client.post(f"{V1}/task", json=UPLOAD).headers["Location"]


def send(client, task, content, part="file"):
    return client.post(
        f"{task}/upload_file", files={part: ("changes.xml", content, "text/xml")}
    )


def result_of(client, task):
    path = task.replace("/inventory_task/", "/task/")
    return client.get(f"{path}/download_result_file")


def wait(app, seconds=1.0):
    app.world.clock.advance(seconds)


def item_id_of(app, sku):
    return app.world.database.execute(
        "SELECT item_id FROM listing_unit WHERE sku = ?", (sku,)
    ).fetchone()[0]


def requests(*entries):
    rows = "".join(
        f"<ReviseInventoryStatusRequest><MessageID>{number}</MessageID>"
        f"<InventoryStatus><ItemID>{item_id}</ItemID><Quantity>{quantity}</Quantity>"
        "</InventoryStatus></ReviseInventoryStatusRequest>"
        for number, (item_id, quantity) in enumerate(entries)
    )
    return (
        f'<BulkDataExchangeRequests xmlns="{NS[1:-1]}"><Header><Version>1</Version>'
        f"<SiteID>77</SiteID></Header>{rows}</BulkDataExchangeRequests>"
    ).encode()


def test_a_report_takes_its_time(seller, listing_app):
    listing_app.world.clock.set(listing_app.world.clock.now(), freeze=True)
    made = order_report(seller, filterCriteria={"listingFormat": "FIXED_PRICE"})
    task = made.headers["Location"]
    assert (made.status_code, made.content) == (202, b"")
    assert seller.get(task).json()["status"] == "QUEUED"
    assert error(result_of(seller, task)) == (404, 160014)
    wait(listing_app, 0.6)
    assert seller.get(task).json()["status"] == "IN_PROCESS"
    wait(listing_app, 0.6)
    found = seller.get(task).json()
    assert found["status"] == "COMPLETED"
    assert found["uploadSummary"]["failureCount"] == 0
    assert found["detailHref"] == task


def test_the_report_names_every_unit(seller, listing_app):
    task = order_report(seller).headers["Location"]
    wait(listing_app)
    seller.get(task)
    answer = result_of(seller, task)
    assert answer.headers["content-disposition"].endswith('.zip"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        root = ElementTree.fromstring(archive.read(archive.namelist()[0]))
    rows = list(root.iter(f"{NS}SKUDetails"))
    db = listing_app.world.database
    where = "seller = ? AND status = 'ACTIVE'"
    assert len(rows) == listings.count(db, where, (SELLER,))
    assert len(list(root.iter(f"{NS}Variation"))) > 250
    for row in rows[:5]:
        units = listings.units(db, row.findtext(f"{NS}ItemID"))
        total = sum(unit.available for unit in units)
        assert row.findtext(f"{NS}Quantity") == str(total)
        assert row.find(f"{NS}Price").get("currencyID")


@pytest.mark.parametrize(("form", "magic"), [("gzip", b"\x1f\x8b"), ("none", b"<?xml")])
def test_other_ways_to_pack(seller, listing_app, form, magic):
    behaviour.change(listing_app.world, {"feedCompression": form})
    task = order_report(seller).headers["Location"]
    wait(listing_app)
    content = result_of(seller, task).content
    assert content.startswith(magic)
    text = gzip.decompress(content) if form == "gzip" else content
    assert b"<ActiveInventoryReport>" in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"feedType": "LMS_NOTHING"}, 160017),
        ({"feedType": "LMS_REVISE_INVENTORY_STATUS"}, 160017),
        ({"schemaVersion": "9"}, 160018),
        ({"filterCriteria": {"listingFormat": "x"}}, 160019),
    ],
)
def test_what_creating_refuses(seller, changes, expected):
    assert error(order_report(seller, **changes)) == (400, expected)


def test_the_marketplace_header_and_the_scope_are_needed(seller, as_seller):
    del seller.headers["X-EBAY-C-MARKETPLACE-ID"]
    assert error(order_report(seller)) == (400, 160027)
    orders_only = as_seller(scopes=("sell.fulfillment",))
    answer = orders_only.post(f"{V1}/task", json=UPLOAD)
    assert error(answer) == (403, 160002)


def test_the_days_reports_and_the_running_ones_are_limited(seller, listing_app):
    behaviour.change(listing_app.world, {"feedConcurrentTasks": 2})
    assert [order_report(seller).status_code for _ in range(2)] == [202, 202]
    assert error(order_report(seller)) == (409, 160024)
    for _ in range(23):
        wait(listing_app)
        assert order_report(seller).status_code == 202
    wait(listing_app)
    assert error(order_report(seller)) == (409, 160025)


def test_an_upload_changes_quantities(seller, listing_app):
    good = item_id_of(listing_app, "OLD-1-000007")
    task = upload_task(seller)
    assert seller.get(task).json()["status"] == "CREATED"
    assert send(seller, task, requests((good, 7), ("1", 2))).status_code == 200
    wait(listing_app)
    found = seller.get(task).json()
    assert found["status"] == "COMPLETED_WITH_ERROR"
    assert found["uploadSummary"] == {"successCount": 1, "failureCount": 1}
    (unit,) = listings.units(listing_app.world.database, good)
    assert unit.available == 7
    with zipfile.ZipFile(io.BytesIO(result_of(seller, task).content)) as archive:
        root = ElementTree.fromstring(archive.read(archive.namelist()[0]))
    rows = list(root.iter(f"{NS}ReviseInventoryStatusResponse"))
    assert [
        (row.findtext(f"{NS}CorrelationID"), row.findtext(f"{NS}Ack")) for row in rows
    ] == [("0", "Success"), ("1", "Failure")]
    assert rows[1].findtext(f"{NS}Errors/{NS}ErrorCode") == "17"
    sent = seller.get(f"{task}/download_input_file")
    assert b"BulkDataExchangeRequests" in sent.content


def test_zipped_uploads(seller, listing_app):
    good = item_id_of(listing_app, "OLD-1-000007")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("changes.xml", requests((good, 3)))
    task = upload_task(seller)
    assert send(seller, task, packed.getvalue()).status_code == 200
    wait(listing_app)
    assert seller.get(task).json()["status"] == "COMPLETED"


def test_what_uploading_refuses(seller, listing_app, as_seller):
    task = upload_task(seller)
    assert error(send(seller, task, b"<x/>", part="data")) == (400, 160100)
    assert error(send(seller, task, b"a;b;c")) == (400, 160020)
    assert error(send(seller, task, b"PK\x03\x04broken")) == (400, 160020)
    assert error(send(seller, task, b"<" + bytes(15 * 1024 * 1024))) == (400, 160028)
    assert send(seller, task, requests()).status_code == 200
    assert error(send(seller, task, requests())) == (400, 160023)
    late = upload_task(seller)
    wait(listing_app, 3_601)
    assert error(send(seller, late, requests())) == (400, 160026)


def test_tasks_are_private(seller, other_seller):
    task = order_report(seller).headers["Location"]
    assert error(other_seller.get(task)) == (404, 160003)
    assert error(seller.get(f"{V1}/task/task-404")) == (404, 160003)


def test_tasks_are_listed_in_pages(seller):
    for _ in range(5):
        order_report(seller)
    query = f"feed_type={REPORT['feedType']}"
    half_a_year = "2026-01-01T00:00:00.000Z..2026-06-01T00:00:00.000Z"
    page = seller.get(f"{V1}/inventory_task?{query}&limit=2&offset=2").json()
    assert (page["total"], len(page["tasks"])) == (5, 2)
    assert page["next"].endswith("limit=2&offset=4")
    for wrong, expected in {
        "": 160004,
        f"{query}&schedule_id=1": 160005,
        "feed_type=x": 160006,
        "schedule_id=1": 160007,
        f"{query}&look_back_days=1&date_range=x": 160008,
        f"{query}&date_range=x": 160009,
        f"{query}&date_range={half_a_year}": 160010,
        f"{query}&look_back_days=91": 160011,
        f"{query}&limit=501": 160012,
        f"{query}&offset=-1": 160013,
        f"{query}&limit=2&offset=1": 160029,
    }.items():
        assert error(seller.get(f"{V1}/inventory_task?{wrong}")) == (400, expected)
