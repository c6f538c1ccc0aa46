"""Fulfillment API: orders, shipping fulfillments, refunds."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timezone

from .api import Api
from .documents import Json, Reply
from .errors import InvalidArgument
from .paths import batch, path

LARGEST_PAGE = 200
MOST_ORDER_IDS = 50


class Fulfillment(Api):
    """sell/fulfillment/v1, scope sell.fulfillment (refunds: sell.finances).

    Orders of all marketplaces of the account come together; there is no marketplace
    parameter.
    """

    api = "fulfillment"

    def get_orders(
        self,
        *,
        modified_from: datetime | None = None,
        modified_to: datetime | None = None,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        fulfillment_status: str = "",
        limit: int = 50,
        offset: int = 0,
        tax_breakdown: bool = False,
    ) -> Reply:
        """One page of orders: `orders`, `total`, `next`. Filters as in `order_pages`.

        eBay: getOrders
        """
        params = _order_filter(
            (modified_from, modified_to),
            (created_from, created_to),
            fulfillment_status,
            tax_breakdown,
        )
        params.update(limit=str(limit), offset=str(offset))
        return self._get("getOrders", "/order", params, needs="orders")

    def order_pages(
        self,
        *,
        modified_from: datetime | None = None,
        modified_to: datetime | None = None,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        fulfillment_status: str = "",
        limit: int = LARGEST_PAGE,
        tax_breakdown: bool = False,
    ) -> Iterator[Reply]:
        """All pages of the orders in a window, oldest first.

        Times are aware; give either the modified or the created window (eBay would
        silently drop the modified one). `fulfillment_status` is one of eBay's two sets:
        ``NOT_STARTED|IN_PROGRESS`` or ``FULFILLED|IN_PROGRESS``. Close the window: rows
        shift while orders change, so the next window must overlap this one.

        eBay: getOrders
        """
        params = _order_filter(
            (modified_from, modified_to),
            (created_from, created_to),
            fulfillment_status,
            tax_breakdown,
        )
        return self._pages("getOrders", "/order", params, "orders", limit)

    def get_orders_by_id(
        self, order_ids: Iterable[str], *, tax_breakdown: bool = False
    ) -> Reply:
        """Up to 50 orders by id, in one answer.

        eBay: getOrders
        """
        params = {
            "orderIds": batch(order_ids, "orderIds", MOST_ORDER_IDS),
            "fieldGroups": "TAX_BREAKDOWN" if tax_breakdown else None,
        }
        return self._get("getOrders", "/order", params, needs="orders")

    def get_order(self, order_id: str, *, tax_breakdown: bool = False) -> Reply:
        """One order in full: only here are the cancel requests and the buyer's tax id.

        eBay: getOrder
        """
        where = path("/order/{orderId}", orderId=order_id)
        field_groups = "TAX_BREAKDOWN" if tax_breakdown else None
        params = {"fieldGroups": field_groups}
        return self._get("getOrder", where, params, needs_text="orderId")

    def get_shipping_fulfillments(self, order_id: str) -> Reply:
        """All fulfillments of an order; ask before repeating a lost create.

        eBay: getShippingFulfillments
        """
        where = path("/order/{orderId}/shipping_fulfillment", orderId=order_id)
        return self._get("getShippingFulfillments", where, needs="fulfillments")

    def get_shipping_fulfillment(self, order_id: str, fulfillment_id: str) -> Reply:
        """One fulfillment.

        eBay: getShippingFulfillment
        """
        where = path(
            "/order/{orderId}/shipping_fulfillment/{fulfillmentId}",
            orderId=order_id,
            fulfillmentId=fulfillment_id,
        )
        return self._get("getShippingFulfillment", where)

    def create_shipping_fulfillment(self, order_id: str, fulfillment: Json) -> Reply:
        """Tells eBay of one parcel; `created_id` of the reply is eBay's id of it.

        `fulfillment`: `lineItems` with `lineItemId` and `quantity`, and both or neither
        of `shippingCarrierCode` and `trackingNumber`. Not repeatable: after a
        `Transient` with `outcome_unknown` ask `get_shipping_fulfillments` first.

        eBay: createShippingFulfillment
        """
        where = path("/order/{orderId}/shipping_fulfillment", orderId=order_id)
        return self._write("createShippingFulfillment", "POST", where, fulfillment)

    def issue_refund(self, order_id: str, refund: Json) -> Reply:
        """Refunds an order or lines of it; `refundId`, `refundStatus` come back.

        Signed for sellers of the EU and UK. Not repeatable: after an unknown outcome
        read the order's refunds before anything else.

        eBay: issueRefund
        """
        where = path("/order/{order_id}/issue_refund", order_id=order_id)
        return self._write(
            "issueRefund", "POST", where, refund, signed=True, needs_text="refundStatus"
        )


def ebay_time(moment: datetime) -> str:
    """A moment as eBay's filters take it: ``2026-01-31T09:05:00.000Z``.

    Raises `InvalidArgument` for a naive time.
    """
    if moment.tzinfo is None:
        raise InvalidArgument("Times for eBay carry their time zone")
    utc = moment.astimezone(timezone.utc)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _order_filter(
    modified: tuple[datetime | None, datetime | None],
    created: tuple[datetime | None, datetime | None],
    fulfillment_status: str,
    tax_breakdown: bool,
) -> dict[str, object]:
    filters = []
    if any(modified) and any(created):
        raise InvalidArgument("eBay filters by modified or by created, not both")
    for name, (start, end) in (
        ("lastmodifieddate", modified),
        ("creationdate", created),
    ):
        if end and not start:
            raise InvalidArgument("eBay's date filters need a start")
        if start:
            filters.append(
                f"{name}:[{ebay_time(start)}..{ebay_time(end) if end else ''}]"
            )
    if fulfillment_status:
        filters.append(f"orderfulfillmentstatus:{{{fulfillment_status}}}")
    return {
        "filter": ",".join(filters) or None,
        "fieldGroups": "TAX_BREAKDOWN" if tax_breakdown else None,
    }
