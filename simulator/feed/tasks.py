"""Feed tasks: made, uploaded to, worked on by the clock, finished.

A task is queued, half-way in process, and done ``feedSeconds`` after it was created or
got its file. Work that is due is done when the Feed API is called next.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..behaviour import behaviour
from ..clock import from_text, to_text
from ..errors import EbayError
from . import report, revisions

if TYPE_CHECKING:
    from ..calls import Call
    from ..world import World

Task = dict[str, Any]

INVENTORY_TASK = "inventory_task"
UPLOAD_TASK = "task"
REPORT = "LMS_ACTIVE_INVENTORY_REPORT"
REVISE = "LMS_REVISE_INVENTORY_STATUS"
SCOPE = "sell.inventory"
UPLOAD_WINDOW = timedelta(hours=1)
LARGEST_FILE = 15 * 1024 * 1024
_DAY = timedelta(days=1)
# Tasks of one feed type that a seller may create within 24 hours.
_DAILY = {REPORT: 25, REVISE: 400}
_TABLE = (
    "CREATE TABLE IF NOT EXISTS feed_file (task_id TEXT, kind TEXT, name TEXT,"
    " body BLOB, PRIMARY KEY (task_id, kind))"
)


def refusal(status: int, error_id: int, message: str) -> EbayError:
    """An error of the Feed API."""
    category = "BUSINESS" if status == 409 else "REQUEST"
    return EbayError(status, error_id, message, domain="API_FEED", category=category)


def prepare(world: World) -> None:
    """Every start: the table of files."""
    world.database.execute(_TABLE)


def create(call: Call, kind: str, feed_type: str, details: dict[str, Any]) -> Task:
    """A fresh task. Raises EbayError 409/160024 or 409/160025."""
    now = call.world.clock.now()
    mine = of_seller(call, kind)
    recent = [
        task
        for task in mine
        if task["feedType"] == feed_type
        and from_text(task["creationDate"]) > now - _DAY
    ]
    if len(recent) >= _DAILY[feed_type]:
        raise refusal(409, 160025, "The day's number of tasks is used up.")
    running = sum(_is_running(task) for task in recent)
    if running >= behaviour(call.world, "feedConcurrentTasks"):
        raise refusal(409, 160024, "Too many tasks are queued or in process.")
    number = call.world.ids.count("feed_task")
    task: Task = {
        "taskId": f"task-{'14' if kind == INVENTORY_TASK else '8'}-{number:010d}",
        "kind": kind,
        "seller": call.seller,
        "feedType": feed_type,
        "creationDate": to_text(now),
        "startedAt": to_text(now) if kind == INVENTORY_TASK else None,
        "status": "QUEUED" if kind == INVENTORY_TASK else "CREATED",
        **details,
    }
    return _save(call.world, task)


def _save(world: World, task: Task) -> Task:
    return world.collection("feed_task").put(task["taskId"], task)


def _is_running(task: Task) -> bool:
    return task["status"] in ("QUEUED", "IN_PROCESS")


def of_seller(call: Call, kind: str | None = None) -> list[Task]:
    """The seller's tasks, newest first, each at its present state."""
    found = [
        task
        for task in call.world.collection("feed_task").values()
        if task["seller"] == call.seller and kind in (None, task["kind"])
    ]
    return [_advance(call, task) for task in reversed(found)]


def find(call: Call, kind: str | None = None) -> Task:
    """The task of the path. Raises EbayError 404/160003."""
    task_id = call.params["task_id"]
    task = call.world.collection("feed_task").get(task_id)
    if task is None or task["seller"] != call.seller:
        raise refusal(404, 160003, f"Task {task_id} does not exist.")
    if kind is not None and task["kind"] != kind:
        raise refusal(404, 160003, f"Task {task_id} does not exist.")
    return _advance(call, task)


def upload(call: Call, task: Task, content: bytes) -> None:
    """Take the file of an upload task and queue it.

    Raises EbayError: 160023 not a task for files, or it has one; 160026 after an hour;
    160028 too large; 160020 neither XML nor zipped XML.
    """
    now = call.world.clock.now()
    if task["kind"] != UPLOAD_TASK or task["status"] != "CREATED":
        raise refusal(400, 160023, f"Task {task['taskId']} cannot upload a file.")
    if now > from_text(task["creationDate"]) + UPLOAD_WINDOW:
        raise refusal(400, 160026, "The task has expired. Create another one.")
    if len(content) > LARGEST_FILE:
        raise refusal(400, 160028, "The file is too large.")
    if not _unpacked(content).lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        raise refusal(400, 160020, "The file is neither XML nor zipped XML.")
    _keep(call.world, task, "input", f"{task['taskId']}.xml", content)
    task["status"] = "QUEUED"
    task["startedAt"] = to_text(now)
    _save(call.world, task)


def _unpacked(content: bytes) -> bytes:
    """The XML of an upload, zipped or not; empty for a broken archive."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            first = archive.infolist()[0]
            if first.file_size > 20 * LARGEST_FILE:
                return b""
            return archive.read(first)
    except (zipfile.BadZipFile, IndexError, RuntimeError):
        return b""


def _keep(world: World, task: Task, kind: str, name: str, body: bytes) -> None:
    world.database.execute(
        "INSERT OR REPLACE INTO feed_file (task_id, kind, name, body)"
        " VALUES (?, ?, ?, ?)",
        (task["taskId"], kind, name, body),
    )


def file_of(world: World, task: Task, kind: str) -> tuple[str, bytes]:
    """Name and content of the ``input`` or ``result`` file.

    Raises EbayError 404/160014.
    """
    row = world.database.execute(
        "SELECT name, body FROM feed_file WHERE task_id = ? AND kind = ?",
        (task["taskId"], kind),
    ).fetchone()
    if row is None:
        raise refusal(404, 160014, f"No file found for task {task['taskId']}.")
    return row[0], row[1]


def _advance(call: Call, task: Task) -> Task:
    """Bring a task to the state that the clock says; do the work when it is due."""
    if not _is_running(task):
        return task
    waited = call.world.clock.now() - from_text(task["startedAt"])
    needed = timedelta(seconds=behaviour(call.world, "feedSeconds"))
    if waited >= needed:
        return _finish(call, task, from_text(task["startedAt"]) + needed)
    if waited >= needed / 2 and task["status"] == "QUEUED":
        task["status"] = "IN_PROCESS"
        return _save(call.world, task)
    return task


_Work = Callable[["Call", Task, bytes], tuple[bytes, int, int]]


def _report(call: Call, task: Task, content: bytes) -> tuple[bytes, int, int]:
    body, rows = report.active_inventory(
        call.world,
        task["seller"],
        task.get("filterCriteria", {}).get("listingFormat"),
    )
    return body, rows, 0


def _revise(call: Call, task: Task, content: bytes) -> tuple[bytes, int, int]:
    return revisions.apply(call, task["seller"], _unpacked(content))


_WORK: dict[str, _Work] = {REPORT: _report, REVISE: _revise}


def _finish(call: Call, task: Task, finished: datetime) -> Task:
    content = b""
    if task["kind"] == UPLOAD_TASK:
        content = file_of(call.world, task, "input")[1]
    body, good, bad = _WORK[task["feedType"]](call, task, content)
    name, packed = report.packed(
        f"{task['taskId']}_report.xml", body, behaviour(call.world, "feedCompression")
    )
    _keep(call.world, task, "result", name, packed)
    task["status"] = "COMPLETED_WITH_ERROR" if bad else "COMPLETED"
    task["completionDate"] = to_text(finished)
    task["uploadSummary"] = {"successCount": good, "failureCount": bad}
    return _save(call.world, task)
