"""Feed API: reports and uploads that eBay works on in the background.

What is inside the files: `feed_files.py`.
"""

from collections.abc import Iterable, Mapping
from typing import BinaryIO

from .api import Api
from .calls import MEBIBYTE, Answer
from .documents import Reply
from .errors import InvalidArgument
from .feed_files import revise_inventory_file
from .multipart import file_form
from .paths import path
from .trading_xml import InventoryStatus

ACTIVE_INVENTORY_REPORT = "LMS_ACTIVE_INVENTORY_REPORT"
REVISE_INVENTORY_STATUS = "LMS_REVISE_INVENTORY_STATUS"
LARGEST_UPLOAD = 15 * MEBIBYTE
LARGEST_RESULT = 512 * MEBIBYTE

SUCCEEDED = frozenset({"COMPLETED", "COMPLETED_WITH_ERROR"})
FINISHED = SUCCEEDED | {"PARTIALLY_PROCESSED", "FAILED", "ABORTED"}


class Feed(Api):
    """sell/feed/v1, scope sell.inventory; per marketplace.

    Create a task, look at its `status` now and then (`is_finished`), fetch the result.
    """

    api = "feed"

    def _extra_headers(self) -> Mapping[str, str]:
        return {"X-EBAY-C-MARKETPLACE-ID": self._client.marketplace.id}

    def create_active_inventory_report(self) -> Reply:
        """Orders the report of all active fixed-price listings; `created_id` is the
        task. Changes nothing at the shop, so a read-only client may do it; eBay makes
        at most 25 a day.

        eBay: createInventoryTask
        """
        return self._json(
            "createInventoryTask",
            "POST",
            "/inventory_task",
            body={
                "feedType": ACTIVE_INVENTORY_REPORT,
                "schemaVersion": "1.0",
                "filterCriteria": {"listingFormat": "FIXED_PRICE"},
            },
            repeatable=False,
            empty_ok=True,
        )

    def get_inventory_task(self, task_id: str) -> Reply:
        """State of a report.

        eBay: getInventoryTask
        """
        where = path("/inventory_task/{task_id}", task_id=task_id)
        return self._get("getInventoryTask", where, needs_text="status")

    def get_inventory_tasks(
        self, feed_type: str, *, look_back_days: int = 1, limit: int = 100
    ) -> Reply:
        """Recent reports, list `tasks`: tells after a lost answer whether the task was
        made.

        eBay: getInventoryTasks
        """
        return self._tasks(
            "getInventoryTasks", "/inventory_task", feed_type, look_back_days, limit
        )

    def create_task(
        self, feed_type: str = REVISE_INVENTORY_STATUS, schema_version: str = "1.0"
    ) -> Reply:
        """Opens an upload task; `created_id` is its id. Upload within an hour.

        eBay: createTask
        """
        body = {"feedType": feed_type, "schemaVersion": schema_version}
        return self._write("createTask", "POST", "/task", body)

    def upload_file(self, task_id: str, content: bytes, filename: str) -> Reply:
        """Uploads the (XML or zipped XML) file of a task, up to 15 MB.

        eBay: uploadFile
        """
        if len(content) > LARGEST_UPLOAD:
            raise InvalidArgument("A feed file may have 15 MB at most")
        body, form_type = file_form(
            "file", filename, content, "application/octet-stream"
        )
        headers = {
            "Accept": "application/json",
            "Content-Type": form_type,
            **self._extra_headers(),
        }
        where = path("/task/{task_id}/upload_file", task_id=task_id)
        call = self._call(
            "uploadFile",
            "POST",
            where,
            None,
            headers,
            body,
            writes=True,
            repeatable=False,
        )
        return Reply({}, self._client.send(call, self.acts_as))

    def upload_inventory_status(
        self, task_id: str, entries: Iterable[InventoryStatus]
    ) -> Reply:
        """Uploads new quantities and prices; each entry's answer is in the result file
        (`feed_files.upload_results`), by its place here.

        eBay: uploadFile
        """
        content = revise_inventory_file(entries, self._client.marketplace.site_id or 0)
        return self.upload_file(task_id, content, "changes.xml")

    def get_task(self, task_id: str) -> Reply:
        """State of an upload, with `uploadSummary` at its end.

        eBay: getTask
        """
        where = path("/task/{task_id}", task_id=task_id)
        return self._get("getTask", where, needs_text="status")

    def get_tasks(
        self, feed_type: str, *, look_back_days: int = 1, limit: int = 100
    ) -> Reply:
        """Recent uploads, list `tasks`; see `get_inventory_tasks`.

        eBay: getTasks
        """
        return self._tasks("getTasks", "/task", feed_type, look_back_days, limit)

    def _tasks(
        self, name: str, where: str, feed_type: str, look_back_days: int, limit: int
    ) -> Reply:
        params = {
            "feed_type": feed_type,
            "look_back_days": look_back_days,
            "limit": limit,
        }
        return self._get(name, where, params, needs="tasks")

    def download_result_file(self, task_id: str, sink: BinaryIO) -> Answer:
        """Writes the result of a report or an upload to a file as eBay sends it (plain,
        gzip or zip: `feed_files.unpacked`).

        eBay: getResultFile
        """
        where = path("/task/{task_id}/download_result_file", task_id=task_id)
        return self._download("getResultFile", where, sink, LARGEST_RESULT)


def is_finished(task: Reply) -> bool:
    """Whether eBay has stopped working on a task, well or badly."""
    return task.get("status") in FINISHED


def has_result(task: Reply) -> bool:
    """Whether a finished task has a result worth fetching."""
    return task.get("status") in SUCCEEDED


def waits_for_file(task: Reply) -> bool:
    """Whether the file of an upload task has not arrived at eBay."""
    return task.get("status") == "CREATED"
