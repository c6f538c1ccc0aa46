"""All orders, findable by id and by time.

A record is what is stored: ``order`` (the full document), ``seller``, ``ages`` (whether
personal data fades), ``fulfillments``, ``units`` (what was taken from which listing)
and ``refundsDue``. Whoever changes a record calls :meth:`OrderBook.save`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ..clock import from_text, to_text

if TYPE_CHECKING:
    from ..world import World

Record = dict[str, Any]
_Index = list[tuple[str, str]]

CREATED = "creationDate"
MODIFIED = "lastModifiedDate"
_KEPT_VIEWS = 20_000


class OrderBook:
    """The orders of all sellers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._records = world.collection("order")
        self.searches: dict[object, list[str]] = {}
        """Order ids found by a search; emptied with every change."""
        self._views: dict[str, dict[object, bytes]] = {}
        self._times: dict[str, tuple[str, str]] = {}
        self._created: dict[str, _Index] = defaultdict(list)
        self._modified: dict[str, _Index] = defaultdict(list)
        for record in self._records.values():
            self._index(record)

    def __len__(self) -> int:
        return len(self._records)

    def get(self, order_id: str, seller: str | None = None) -> Record | None:
        """The record with this order id, if it is that seller's (None: anyone's)."""
        record = self._records.get(order_id)
        if record is None or (seller is not None and record["seller"] != seller):
            return None
        return record

    def records(self) -> list[Record]:
        """Every record, in the order in which they came."""
        return self._records.values()

    def save(self, record: Record, touch: bool = True) -> Record:
        """Store a new or changed record; ``touch`` sets its lastModifiedDate."""
        order = record["order"]
        if touch:
            order[MODIFIED] = self._world.clock.text()
        self._forget(order["orderId"], record["seller"])
        self._index(record)
        self._records.put(order["orderId"], record)
        self.searches.clear()
        return record

    def rename(self, record: Record, order_id: str) -> None:
        """Give an order another id, as eBay does when it is paid."""
        old = record["order"]["orderId"]
        self._forget(old, record["seller"])
        self._records.delete(old)
        record["order"]["orderId"] = order_id
        if "legacyOrderId" in record["order"]:
            record["order"]["legacyOrderId"] = order_id
        self.save(record)

    def remove(self, record: Record) -> None:
        """Take an order out: another one has its lines now."""
        order_id = record["order"]["orderId"]
        self._forget(order_id, record["seller"])
        self._records.delete(order_id)
        self.searches.clear()

    def created(self, order_id: str) -> str:
        """The creation time of a stored order, in eBay's form."""
        return self._times[order_id][0]

    def status(self, order_id: str) -> str:
        """The fulfilment status of a stored order."""
        record = self._records.get(order_id) or {"order": {}}
        return record["order"].get("orderFulfillmentStatus", "")

    def between(self, seller: str, by: str, start: str, end: str) -> list[str]:
        """Ids of a seller's orders by creation or modification time, ends included.

        Sorted by creation time, oldest first.
        """
        index = (self._created if by == CREATED else self._modified)[seller]
        first = bisect_left(index, (start, ""))
        last = bisect_right(index, (end, "\uffff"))
        ids = [order_id for _, order_id in index[first:last]]
        if by != CREATED:
            ids.sort(key=lambda order_id: (self._times[order_id][0], order_id))
        return ids

    def views(self, order_id: str) -> dict[object, bytes]:
        """Rendered forms of one order, good until it changes."""
        found = self._views.get(order_id)
        if found is None:
            if len(self._views) >= _KEPT_VIEWS:
                self._views.clear()
            found = self._views[order_id] = {}
        return found

    def clear(self) -> None:
        """Forget all orders."""
        for record in self.records():
            self._forget(record["order"]["orderId"], record["seller"])
        self._records.clear()
        self.searches.clear()

    def _index(self, record: Record) -> None:
        order = record["order"]
        order_id, seller = order["orderId"], record["seller"]
        created = to_text(from_text(order[CREATED]))
        modified = to_text(from_text(order[MODIFIED]))
        self._times[order_id] = (created, modified)
        insort(self._created[seller], (created, order_id))
        insort(self._modified[seller], (modified, order_id))

    def _forget(self, order_id: str, seller: str) -> None:
        self._views.pop(order_id, None)
        times = self._times.pop(order_id, None)
        if times is None:
            return
        for index, moment in zip(
            (self._created[seller], self._modified[seller]), times, strict=True
        ):
            del index[bisect_left(index, (moment, order_id))]
