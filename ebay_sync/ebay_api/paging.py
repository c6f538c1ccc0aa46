"""Walks through eBay's pages.

eBay's `offset` counts rows in most APIs, but pages in Inventory's items and offers; the
Notification API uses a continuation token. The `next` link of a page knows better than
we do, so it leads, but only its paging parameters are taken: the address called is
always our own, whatever host a page names.
"""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

from .calls import is_whole_number
from .documents import Reply
from .errors import ContractError

MOST_PAGES = 10_000

Fetch = Callable[[dict[str, str]], Reply]


def pages(
    fetch: Fetch, list_key: str, limit: int, offset_unit: int, first: int = 0
) -> Iterator[Reply]:
    """All pages from page `first` (counted from 0) on, each as it came.

    `fetch` gets the paging parameters and returns one page, `list_key` names the page's
    list, `offset_unit` is by how much `offset` grows per page: `limit` where it counts
    rows, 1 where it counts pages. Raises `ContractError` if the pages run in a circle.
    """
    position = {"limit": str(limit), "offset": str(first * offset_unit)}
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        page = fetch(position)
        yield page
        seen.add(position["offset"])
        following = _next_offset(page, position, list_key, offset_unit)
        if following is None:
            return
        if following in seen:
            raise ContractError(
                f"eBay's pages run in a circle at offset {following}",
                status=page.status,
                request_id=page.request_id,
            )
        position = {**position, "offset": following}
    raise ContractError(f"eBay has more than {MOST_PAGES} pages for one question")


def token_pages(fetch: Fetch, list_key: str, limit: int) -> Iterator[Reply]:
    """All pages of a list that continues with a `continuation_token`."""
    position = {"limit": str(limit)}
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        page = fetch(position)
        yield page
        token = _parameter(page, "continuation_token")
        if not token or not page.get(list_key):
            return
        if token in seen:
            raise ContractError(
                "eBay's pages run in a circle",
                status=page.status,
                request_id=page.request_id,
            )
        seen.add(token)
        position = {**position, "continuation_token": token}
    raise ContractError(f"eBay has more than {MOST_PAGES} pages for one question")


def _next_offset(
    page: Reply, position: dict[str, str], list_key: str, offset_unit: int
) -> str | None:
    offset = _parameter(page, "offset")
    if offset is not None and is_whole_number(offset):
        return offset
    # Without a link: continue only if eBay's total says that rows are missing.
    limit, current = int(position["limit"]), int(position["offset"])
    rows_so_far = (current // offset_unit + 1) * limit
    total = page.get("total")
    if not page.get(list_key) or not isinstance(total, int) or rows_so_far >= total:
        return None
    return str(current + offset_unit)


def _parameter(page: Reply, name: str) -> str | None:
    link = page.get("next")
    if not isinstance(link, str) or not link:
        return None
    try:
        values = parse_qs(urlsplit(link).query).get(name)
    except ValueError:
        return None
    return values[0] if values else None
