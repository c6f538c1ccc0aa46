"""Feed API v1: inventory reports and uploads. Source: sell_feed_v1.

Simulated feed types: LMS_ACTIVE_INVENTORY_REPORT and LMS_REVISE_INVENTORY_STATUS.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ..calls import Api, Call, Operation, Quota, Reply, reply_json
from ..clock import from_text
from ..errors import EbayError
from ..feed import tasks
from ..feed.tasks import INVENTORY_TASK, REPORT, REVISE, UPLOAD_TASK, Task, refusal
from ..reference.marketplaces import MARKETPLACES
from ..tokens import require
from ..uploads import uploaded_file

_TYPES = {INVENTORY_TASK: (REPORT,), UPLOAD_TASK: (REVISE,)}
_FORMATS = ("FIXED_PRICE", "AUCTION")
_ANY_SCOPE = ("sell.inventory", "sell.fulfillment", "sell.marketing")
_LONGEST = timedelta(days=90)


def _create(kind: str) -> Callable[[Call], Reply]:
    def create_task(call: Call) -> Reply:
        """202 with the task's address and no body."""
        if call.headers.get("X-EBAY-C-MARKETPLACE-ID") not in MARKETPLACES:
            raise refusal(400, 160027, "X-EBAY-C-MARKETPLACE-ID is missing or wrong.")
        given = call.json_object()
        feed_type = given.get("feedType")
        if feed_type not in _TYPES[kind]:
            raise refusal(400, 160017, "feedType is missing or invalid.")
        _need_inventory_scope(call)
        if given.get("schemaVersion") not in ("1.0", "1.1"):
            raise refusal(400, 160018, "schemaVersion is invalid.")
        details: dict[str, Any] = {"schemaVersion": given["schemaVersion"]}
        if kind == INVENTORY_TASK and "filterCriteria" in given:
            details["filterCriteria"] = _filter(given["filterCriteria"])
        task = tasks.create(call, kind, feed_type, details)
        return Reply(202, headers={"Location": _href(call, task)})

    return create_task


def _need_inventory_scope(call: Call) -> None:
    """160002 for a token whose scope does not fit the feed type."""
    try:
        require(call.token or {}, "user", (tasks.SCOPE,))
    except EbayError as error:
        raise refusal(403, 160002, "The token's scope does not fit.") from error


def _filter(given: Any) -> dict[str, Any]:
    listing_format = given.get("listingFormat") if isinstance(given, dict) else None
    if listing_format not in _FORMATS:
        raise refusal(400, 160019, "filterCriteria is invalid: listingFormat.")
    return {"listingFormat": listing_format}


def _href(call: Call, task: Task) -> str:
    return call.href(f"/{task['kind']}/{task['taskId']}")


def _shown(call: Call, task: Task) -> dict[str, Any]:
    names = (
        "taskId",
        "status",
        "feedType",
        "creationDate",
        "completionDate",
        "schemaVersion",
        "uploadSummary",
        "filterCriteria",
    )
    shown = {name: task[name] for name in names if name in task}
    return {**shown, "detailHref": _href(call, task)}


def _get(kind: str) -> Callable[[Call], Reply]:
    def get_task(call: Call) -> Reply:
        return reply_json(_shown(call, tasks.find(call, kind)))

    return get_task


def _list(kind: str) -> Callable[[Call], Reply]:
    def get_tasks(call: Call) -> Reply:
        """The seller's tasks of one feed type in a span of time, newest first."""
        feed_type = call.query.get("feed_type")
        schedule = call.query.get("schedule_id")
        if not feed_type and not schedule:
            raise refusal(400, 160004, "feed_type or schedule_id is needed.")
        if feed_type and schedule:
            raise refusal(400, 160005, "feed_type and schedule_id exclude each other.")
        if schedule:
            raise refusal(400, 160007, "The schedule_id is invalid.")
        if feed_type not in _TYPES[kind]:
            raise refusal(400, 160006, "The feed_type is invalid.")
        start, end = _span(call)
        limit, offset = _page(call)
        found = [
            task
            for task in tasks.of_seller(call, kind)
            if task["feedType"] == feed_type
            and start <= from_text(task["creationDate"]) <= end
        ]
        return reply_json(_collection(call, kind, found, limit, offset))

    return get_tasks


def _collection(
    call: Call, kind: str, found: list[Task], limit: int, offset: int
) -> dict[str, Any]:
    others = {
        name: value
        for name, value in call.query.items()
        if name not in ("limit", "offset")
    }

    def link(start: int) -> str:
        return call.href(f"/{kind}", **others, limit=limit, offset=start)

    answer: dict[str, Any] = {
        "href": link(offset),
        "limit": limit,
        "offset": offset,
        "total": len(found),
        "tasks": [_shown(call, task) for task in found[offset : offset + limit]],
    }
    if offset + limit < len(found):
        answer["next"] = link(offset + limit)
    if offset > 0:
        answer["prev"] = link(max(offset - limit, 0))
    return answer


def _span(call: Call) -> tuple[datetime, datetime]:
    days, span = call.query.get("look_back_days"), call.query.get("date_range")
    now = call.world.clock.now()
    if days and span:
        raise refusal(400, 160008, "look_back_days and date_range exclude each other.")
    if span:
        return _date_range(span)
    look_back = _number(days, 7, 160011)
    if not 1 <= look_back <= 90:
        raise refusal(400, 160011, "look_back_days is 1 to 90.")
    return now - timedelta(days=look_back), now


def _date_range(text: str) -> tuple[datetime, datetime]:
    begin, dots, end = text.partition("..")
    try:
        start, stop = from_text(begin), from_text(end)
    except ValueError as error:
        raise refusal(400, 160009, "The date_range cannot be read.") from error
    if not dots or stop < start:
        raise refusal(400, 160016, "The date_range begins after its end.")
    if stop - start > _LONGEST:
        raise refusal(400, 160010, "The date_range is longer than 90 days.")
    return start, stop


def _page(call: Call) -> tuple[int, int]:
    limit = _number(call.query.get("limit"), 10, 160012)
    offset = _number(call.query.get("offset"), 0, 160013)
    if not 1 <= limit <= 500:
        raise refusal(400, 160012, "limit is 1 to 500.")
    if offset < 0:
        raise refusal(400, 160013, "offset is not below zero.")
    if offset % limit:
        raise refusal(400, 160029, "offset is a multiple of limit.")
    return limit, offset


def _number(text: str | None, default: int, error_id: int) -> int:
    try:
        return default if text is None else int(text)
    except ValueError as error:
        raise refusal(400, error_id, f"{text} is no number.") from error


async def upload_file(call: Call) -> Reply:
    """uploadFile: multipart, the file in the part ``file``."""
    content = await uploaded_file(call, "file")
    task = tasks.find(call, UPLOAD_TASK)
    if content is None:
        raise refusal(400, 160100, "The body has no part named file.")
    tasks.upload(call, task, content)
    return reply_json({})


def _download(kind: str) -> Callable[[Call], Reply]:
    def download(call: Call) -> Reply:
        """The file as an octet stream; its name is in Content-Disposition."""
        task = tasks.find(call)
        if kind == "input" and task["kind"] != UPLOAD_TASK:
            raise refusal(404, 160015, "The task has no input file.")
        name, body = tasks.file_of(call.world, task, kind)
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Reply(200, body, "application/octet-stream", disposition)

    return download


API = Api(
    name="sell.feed",
    prefix="/sell/feed/v1",
    quota=Quota("sell", "Feed", "sell.feed", 100_000),
    setup=tasks.prepare,
    operations=[
        Operation(
            "GET",
            "/inventory_task",
            "getInventoryTasks",
            _list(INVENTORY_TASK),
            scopes=(tasks.SCOPE,),
        ),
        Operation(
            "POST",
            "/inventory_task",
            "createInventoryTask",
            _create(INVENTORY_TASK),
            scopes=(tasks.SCOPE,),
        ),
        Operation(
            "GET",
            "/inventory_task/{task_id}",
            "getInventoryTask",
            _get(INVENTORY_TASK),
            scopes=(tasks.SCOPE,),
        ),
        Operation("GET", "/task", "getTasks", _list(UPLOAD_TASK), scopes=_ANY_SCOPE),
        Operation(
            "POST", "/task", "createTask", _create(UPLOAD_TASK), scopes=_ANY_SCOPE
        ),
        Operation(
            "GET", "/task/{task_id}", "getTask", _get(UPLOAD_TASK), scopes=_ANY_SCOPE
        ),
        Operation(
            "POST",
            "/task/{task_id}/upload_file",
            "uploadFile",
            upload_file,
            scopes=_ANY_SCOPE,
        ),
        Operation(
            "GET",
            "/task/{task_id}/download_result_file",
            "getResultFile",
            _download("result"),
            scopes=_ANY_SCOPE,
        ),
        Operation(
            "GET",
            "/task/{task_id}/download_input_file",
            "getInputFile",
            _download("input"),
            scopes=_ANY_SCOPE,
        ),
    ],
)
