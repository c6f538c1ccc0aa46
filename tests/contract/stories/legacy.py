"""Listings made outside the Inventory API: Trading and Feed."""

from __future__ import annotations

import io
import time
from datetime import datetime, timedelta, timezone

from contract.client import exhaust
from contract.simulation import Simulation
from ebay_api.bulk import bulk_entries
from ebay_api.client import EbayClient
from ebay_api.errors import Rejected
from ebay_api.feed import (
    ACTIVE_INVENTORY_REPORT,
    REVISE_INVENTORY_STATUS,
    has_result,
    is_finished,
    waits_for_file,
)
from ebay_api.feed_files import (
    report_rows,
    unpacked,
    upload_results,
)
from ebay_api.trading_xml import InventoryStatus

from .frame import refused, story

OUTPUT = ("ItemID", "SKU", "Title", "Quantity", "SellingStatus", "Variations")


@story
def trading(client: EbayClient, shop: Simulation) -> None:
    """Lists and reads old listings, changes their numbers, corrects a parcel."""
    api = client.trading
    now = datetime.now(timezone.utc)
    pages = [api.get_my_ebay_selling(page, per_page=7) for page in (1, 2)]
    listed = [
        item for page in pages for item in page["ActiveList"]["ItemArray"]["Item"]
    ]
    assert len(listed) > 7
    api.get_my_ebay_selling(output=["ActiveList.ItemArray.Item.ItemID"])
    month = (now, now + timedelta(days=31))
    exhaust(api.seller_list_pages(end=month, per_page=10, output=OUTPUT))
    exhaust(api.seller_list_pages(start=(now - timedelta(days=90), now), per_page=20))
    exhaust(api.event_windows((now - timedelta(days=3), now)))
    api.get_seller_events((now - timedelta(hours=2), now), output=OUTPUT)
    for item in listed[:5]:
        api.get_item(item["ItemID"])
        api.get_item(item["ItemID"], output=OUTPUT)
    refused(lambda: api.get_item("1"))
    assert api.get_user_preferences()["OutOfStockControlPreference"] in (
        "true",
        "false",
    )
    api.get_ebay_details("ShippingCarrierDetails", "ShippingServiceDetails")
    api.get_ebay_details("SiteDetails")
    _revise(client, [item for item in listed if not item.get("Variations")])
    order_id = shop.control("buy")["orderIds"][0]
    lately = (now - timedelta(days=1), now + timedelta(minutes=1))
    [page] = exhaust(api.order_pages(lately, output=["OrderArray.Order.EIASToken"]))
    assert page["OrderArray"]["Order"][0]["EIASToken"]
    [page] = exhaust(api.order_pages(lately))
    assert page["OrderArray"]["Order"][0]["OrderID"] == order_id
    api.complete_sale(order_id, [("DHL", "003404341610940215"), ("GLS", "G2")])
    refused(lambda: api.complete_sale("9-9", [("DHL", "003404341")]))
    client.for_marketplace("EBAY_PL").trading.get_ebay_details("ShippingCarrierDetails")


def _revise(client: EbayClient, single: list[dict]) -> None:
    api = client.trading
    legacy = (item["ItemID"] for item in single if _is_revisable(client, item))
    first, second = next(legacy), next(legacy)
    price = InventoryStatus(first, quantity=3, price="12.50", currency="EUR")
    api.revise_inventory_status([price])
    reply = api.revise_inventory_status(
        [InventoryStatus(second, quantity=0), InventoryStatus("1", quantity=1)]
    )
    assert reply.ack == "PartialFailure"
    refused(lambda: api.revise_inventory_status([InventoryStatus("1", quantity=1)]))
    assert api.end_fixed_price_item(second)["EndTime"]
    refused(lambda: api.end_fixed_price_item(second))


def _is_revisable(client: EbayClient, item: dict) -> bool:
    """Whether Trading may change a listing: Inventory listings are none of its."""
    try:
        client.trading.revise_inventory_status(
            [InventoryStatus(item["ItemID"], quantity=1)]
        )
    except Rejected as error:
        assert error.has("21919474"), error
        return False
    return True


@story
def feed(client: EbayClient, shop: Simulation) -> None:
    """A report of all listings is ordered and read; a file of changes is uploaded."""
    api = client.feed
    task_id = api.create_active_inventory_report().created_id
    task = _finished(api.get_inventory_task, task_id)
    assert has_result(task)
    reports = api.get_inventory_tasks(ACTIVE_INVENTORY_REPORT)["tasks"]
    assert task_id in {one["taskId"] for one in reports}
    result = io.BytesIO()
    api.download_result_file(task_id, result)
    with unpacked(result) as report:
        found = list(report_rows(report))
    assert found
    changes = [InventoryStatus(row.item_id, quantity=2) for row in found[:2]]
    upload_id = api.create_task().created_id
    refused(lambda: api.download_result_file(upload_id, io.BytesIO()))
    assert waits_for_file(api.get_task(upload_id))
    api.upload_inventory_status(upload_id, changes)
    refused(lambda: api.upload_inventory_status(upload_id, changes))
    task = _finished(api.get_task, upload_id)
    assert task["uploadSummary"]
    api.get_tasks(REVISE_INVENTORY_STATUS, look_back_days=90, limit=1)
    refused(lambda: api.get_tasks(REVISE_INVENTORY_STATUS, look_back_days=91))
    result = io.BytesIO()
    api.download_result_file(upload_id, result)
    with unpacked(result) as verdicts:
        assert len(list(upload_results(verdicts))) == len(changes)
    url = f"https://api.ebay.com/sell/feed/v1/task/{upload_id}/download_input_file"
    assert shop.ask("GET", url).ok
    refused(lambda: api.get_task("task-404"))
    refused(lambda: api.get_inventory_task("task-404"))
    refused(lambda: api.create_task("LMS_NOTHING"))


def _finished(ask, task_id: str):
    for _ in range(1200):
        task = ask(task_id)
        if is_finished(task):
            return task
        time.sleep(0.1)
    raise AssertionError(f"the task {task_id} does not end")


@story
def migration(client: EbayClient, shop: Simulation) -> None:
    """Old listings move into the Inventory model, or say why they cannot."""
    first = client.trading.get_my_ebay_selling(per_page=5)
    listed = first["ActiveList"]["ItemArray"]["Item"]
    ids = [item["ItemID"] for item in listed][:4]
    reply = client.inventory.bulk_migrate_listings([*ids, "1"])
    assert len(bulk_entries(reply)) == len(ids) + 1
