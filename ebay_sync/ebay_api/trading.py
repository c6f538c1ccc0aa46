"""Trading API (XML): listings made outside the Inventory API, and eBay's word lists.

Sources: eBay's Trading call reference; guide "Making a Call". The answers of refused
calls come with HTTP 200 and `Ack` Failure: they raise like any refusal. `Ack` Warning
and PartialFailure are successes whose `errors` want reading.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from .api import Api
from .calls import MEBIBYTE, Answer, Call, is_whole_number
from .documents import Json, Reply
from .error_shapes import trading_details
from .errors import ContractError, ErrorDetail, InvalidArgument
from .fulfillment import ebay_time
from .trading_xml import VERSION, InventoryStatus, build_request, local_name, plain
from .verdict import check_answer, error_for
from .xml_reader import Element, UnreadableXml, read_xml
from .xml_repair import repaired

LARGEST_PAGE = 200
LARGEST_ORDER_PAGE = 100
LARGEST_REVISION = 4
MOST_ACTIVE_ITEMS = 25_000
MOST_EVENTS = 3_000
LONGEST_LIST_WINDOW = timedelta(days=119)
LONGEST_EVENT_WINDOW = timedelta(hours=47)
LONGEST_ORDER_WINDOW = timedelta(days=90)
SHORTEST_EVENT_WINDOW = timedelta(seconds=2)
LARGEST_ANSWER = 64 * MEBIBYTE
DEFAULT_SITE = 0

_SUCCESS = frozenset({"Success", "Warning", "PartialFailure"})
_PAGE_FIELDS = ("PaginationResult", "HasMoreItems")


class TooManyChanges(ContractError):
    """So many listings changed in one second that eBay cannot list them: read all."""


class TradingReply(Reply):
    """A Trading response as a dict of texts, dicts and lists, without its namespace.

    `ack` is Success, Warning or PartialFailure; `errors` are its entries of both
    severities.
    """

    def __init__(
        self, document: Json, answer: Answer, errors: tuple[ErrorDetail, ...]
    ) -> None:
        super().__init__(document, answer)
        self.errors = errors

    @property
    def ack(self) -> str:
        """eBay's verdict on the whole call."""
        return str(self.get("Ack", ""))

    @property
    def warnings(self) -> tuple[ErrorDetail, ...]:
        """The entries of severity Warning."""
        return tuple(error for error in self.errors if error.severity == "Warning")


class Trading(Api):
    """The Trading calls we use; the seller's token, the site of the marketplace."""

    api = "trading"

    def get_my_ebay_selling(
        self,
        page: int = 1,
        per_page: int = LARGEST_PAGE,
        output: Sequence[str] = (),
        auctions_only: bool = False,
    ) -> TradingReply:
        """One page of active listings under `ActiveList`. `output` names the fields to
        send (OutputSelector); paging fields are always sent.

        eBay: GetMyeBaySelling
        """
        fields = {
            "ActiveList": {
                "Include": True,
                "ListingType": "Auction" if auctions_only else None,
                "Pagination": {"EntriesPerPage": per_page, "PageNumber": page},
            },
            "OutputSelector": _selected(output),
        }
        return self._xml("GetMyeBaySelling", fields)

    def seller_list_pages(
        self,
        *,
        start: tuple[datetime, datetime] | None = None,
        end: tuple[datetime, datetime] | None = None,
        per_page: int = LARGEST_PAGE,
        output: Sequence[str] = (),
        first: int = 1,
    ) -> Iterator[TradingReply]:
        """All pages of listings that start or end within a window (under 120 days),
        from page `first` (counted from 1) on.

        An `end` window from now to 31 days ahead holds every good-till-cancelled one.

        eBay: GetSellerList
        """
        window = start or end
        if window is None or (start and end):
            raise InvalidArgument("GetSellerList wants a start window or an end window")
        begin, until = window
        if not timedelta(0) < until - begin <= LONGEST_LIST_WINDOW:
            raise InvalidArgument("GetSellerList takes windows of less than 120 days")
        prefix = "StartTime" if start else "EndTime"
        page, more = first, True
        while more:
            reply = self._xml(
                "GetSellerList",
                {
                    "DetailLevel": "ReturnAll",
                    f"{prefix}From": ebay_time(begin),
                    f"{prefix}To": ebay_time(until),
                    "IncludeVariations": True,
                    "Pagination": {"EntriesPerPage": per_page, "PageNumber": page},
                    "OutputSelector": _selected(output),
                },
            )
            yield reply
            more = reply.get("HasMoreItems") == "true"
            page += 1

    def get_seller_events(
        self, modified: tuple[datetime, datetime], output: Sequence[str] = ()
    ) -> TradingReply:
        """Listings changed within a window (under 48 hours), at most 3,000.

        eBay: GetSellerEvents
        """
        begin, until = modified
        if not timedelta(0) < until - begin <= LONGEST_EVENT_WINDOW:
            raise InvalidArgument("GetSellerEvents takes windows of less than 48 hours")
        fields = {
            "DetailLevel": "ReturnAll",
            "ModTimeFrom": ebay_time(begin),
            "ModTimeTo": ebay_time(until),
            "IncludeVariationSpecifics": True,
            "OutputSelector": _selected(output),
        }
        return self._xml("GetSellerEvents", fields)

    def event_windows(
        self, modified: tuple[datetime, datetime], output: Sequence[str] = ()
    ) -> Iterator[TradingReply]:
        """All changed listings of a window of any length, oldest first.

        The window is cut into pieces that eBay answers in full: where 3,000 listings
        come back some are missing, and the piece is halved and asked again. Raises
        `TooManyChanges` where that does not help.

        eBay: GetSellerEvents
        """
        pieces = [modified]
        while pieces:
            begin, until = pieces.pop()
            if until <= begin:
                continue
            if until - begin > LONGEST_EVENT_WINDOW:
                middle = begin + LONGEST_EVENT_WINDOW
                pieces += [(middle, until), (begin, middle)]
                continue
            reply = self.get_seller_events((begin, until), output)
            items = (reply.get("ItemArray") or {}).get("Item") or []
            if len(items) < MOST_EVENTS:
                yield reply
                continue
            if until - begin < SHORTEST_EVENT_WINDOW:
                raise TooManyChanges(
                    "Too many listings changed at once for eBay to list",
                    **_facts(reply, "GetSellerEvents"),
                )
            middle = begin + (until - begin) / 2
            pieces += [(middle, until), (begin, middle)]

    def get_item(self, item_id: str, output: Sequence[str] = ()) -> TradingReply:
        """One listing in full under `Item`. `Quantity` counts the sold ones too:
        available is `Quantity` less `SellingStatus.QuantitySold`.

        eBay: GetItem
        """
        reply = self._xml(
            "GetItem",
            {
                "DetailLevel": "ReturnAll",
                "ItemID": _item_id(item_id),
                "IncludeItemSpecifics": True,
                "OutputSelector": list(output),
            },
        )
        if not isinstance(reply.get("Item"), dict):
            raise ContractError("eBay's answer lacks Item", **_facts(reply, "GetItem"))
        return reply

    def revise_inventory_status(
        self, entries: Sequence[InventoryStatus]
    ) -> TradingReply:
        """Sets quantity and/or price of up to 4 listings or variations.

        `InventoryStatus` of the reply names those that were changed: with `ack`
        PartialFailure the others were refused (`errors`). The numbers are absolute and
        may be sent again.

        eBay: ReviseInventoryStatus
        """
        if not 1 <= len(entries) <= LARGEST_REVISION:
            raise InvalidArgument("ReviseInventoryStatus takes 1 to 4 entries")
        if len({(entry.item_id, entry.sku) for entry in entries}) < len(entries):
            raise InvalidArgument("ReviseInventoryStatus takes no listing twice")
        fields = {"InventoryStatus": [entry.fields() for entry in entries]}
        return self._xml("ReviseInventoryStatus", fields, writes=True)

    def end_fixed_price_item(self, item_id: str) -> TradingReply:
        """Ends a listing with all its variations; 1047 when it is over already.

        eBay: EndFixedPriceItem
        """
        if not is_whole_number(item_id):
            raise InvalidArgument("EndFixedPriceItem takes an item id")
        fields = {"ItemID": item_id, "EndingReason": "NotAvailable"}
        return self._xml("EndFixedPriceItem", fields, writes=True)

    def get_user_preferences(self) -> TradingReply:
        """`OutOfStockControlPreference` ("true": a listing survives quantity 0).

        eBay: GetUserPreferences
        """
        fields = {"ShowOutOfStockControlPreference": True}
        return self._xml("GetUserPreferences", fields)

    def order_pages(
        self, created: tuple[datetime, datetime], output: Sequence[str] = ()
    ) -> Iterator[TradingReply]:
        """All pages of the seller's orders made within a window of the last 90 days.

        Beside what getOrders tells there is `EIASToken`, which names the buyer for
        good, whatever the user name becomes.

        eBay: GetOrders
        """
        begin, until = created
        if not timedelta(0) < until - begin <= LONGEST_ORDER_WINDOW:
            raise InvalidArgument("GetOrders takes windows of at most 90 days")
        selected = [*output, "HasMoreOrders"] if output else []
        page, more = 1, True
        while more:
            reply = self._xml(
                "GetOrders",
                {
                    "DetailLevel": "ReturnAll",
                    "CreateTimeFrom": ebay_time(begin),
                    "CreateTimeTo": ebay_time(until),
                    "OrderRole": "Seller",
                    "OrderStatus": "All",
                    "Pagination": {
                        "EntriesPerPage": LARGEST_ORDER_PAGE,
                        "PageNumber": page,
                    },
                    "OutputSelector": _selected(selected),
                },
            )
            yield reply
            more = reply.get("HasMoreOrders") == "true"
            page += 1

    def complete_sale(
        self, order_id: str, parcels: Sequence[tuple[str, str]]
    ) -> TradingReply:
        """Marks an order as shipped and says all its tracking numbers, as
        ``(carrier, number)``; they replace those that eBay had. The Fulfillment API
        cannot correct a number. Not repeatable at once.

        eBay: CompleteSale
        """
        if not parcels:
            raise InvalidArgument("CompleteSale wants a tracking number")
        details = [
            {"ShipmentTrackingNumber": number, "ShippingCarrierUsed": carrier}
            for carrier, number in parcels
        ]
        fields = {
            "OrderID": order_id,
            "Shipped": True,
            "Shipment": {"ShipmentTrackingDetails": details},
        }
        return self._xml("CompleteSale", fields, writes=True, repeatable=False)

    def get_ebay_details(self, *detail_names: str) -> TradingReply:
        """Word lists of the site, such as ShippingCarrierDetails and
        ShippingServiceDetails.

        eBay: GeteBayDetails
        """
        if not detail_names:
            raise InvalidArgument("GeteBayDetails wants the names of the lists")
        return self._xml("GeteBayDetails", {"DetailName": list(detail_names)})

    def _xml(
        self, name: str, fields: Json, *, writes: bool = False, repeatable: bool = True
    ) -> TradingReply:
        locale = self._client.locale
        site = self._client.marketplace.site_for(locale)
        body = build_request(
            name, {"ErrorLanguage": locale.replace("-", "_"), **fields}
        )
        call = Call(
            api=self.api,
            name=name,
            method="POST",
            url=self._client.hosts.url(self.api),
            headers={
                "Content-Type": "text/xml; charset=utf-8",
                "X-EBAY-API-CALL-NAME": name,
                "X-EBAY-API-SITEID": str(DEFAULT_SITE if site is None else site),
                "X-EBAY-API-COMPATIBILITY-LEVEL": VERSION,
            },
            body=body,
            writes=writes,
            repeatable=repeatable,
            max_bytes=LARGEST_ANSWER,
        )
        roots: list[Element] = []

        def check(call: Call, answer: Answer, now: datetime) -> None:
            roots[:] = [_checked_root(call, answer, now)]

        answer = self._client.send(call, self.acts_as, check=check)
        root = roots[0]
        return TradingReply(plain(root), answer, trading_details(root))


def _checked_root(call: Call, answer: Answer, now: datetime) -> Element:
    """The response's root; raises what `Ack` Failure means, and `ContractError` for
    what is no Trading response."""
    check_answer(call, answer, now)
    root = _parsed(call, answer)
    ack = next((c.text for c in root if local_name(c) == "Ack"), None)
    if ack in _SUCCESS:
        return root
    if ack != "Failure":
        raise _unreadable(call, answer, "lacks a known Ack")
    raise error_for(call, answer, trading_details(root), now)


def _parsed(call: Call, answer: Answer) -> Element:
    try:
        try:
            root = read_xml(answer.body)
        except UnreadableXml:
            root = read_xml(repaired(answer.body))
    except UnreadableXml:
        raise _unreadable(call, answer, "is no XML") from None
    if local_name(root) != f"{call.name}Response":
        raise _unreadable(call, answer, f"is no {call.name}Response")
    return root


def _unreadable(call: Call, answer: Answer, fault: str) -> ContractError:
    return ContractError(
        f"eBay's answer {fault} ({call.name})",
        body=answer.body,
        status=answer.status,
        request_id=answer.request_id,
        api=call.api,
        call=call.name,
    )


def _facts(reply: TradingReply, name: str) -> dict[str, Any]:
    return {
        "status": reply.status,
        "request_id": reply.request_id,
        "api": "trading",
        "call": name,
    }


def _selected(output: Sequence[str]) -> list[str]:
    """eBay drops the paging fields too unless they are selected with the rest."""
    return [*output, *_PAGE_FIELDS] if output else []


def _item_id(item_id: str) -> str:
    if not isinstance(item_id, str) or not item_id.isdigit():
        raise InvalidArgument(f"Not an item id: {item_id!r}")
    return item_id
