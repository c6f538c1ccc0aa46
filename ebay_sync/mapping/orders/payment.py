"""Payments, refunds and cancellation of an order, as eBay reports them.

Source: Fulfillment API, types PaymentSummary, OrderRefund, LineItemRefund and
CancelStatus. Refund amounts never contain tax that eBay collected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..values.money import Money
from ..values.reader import Node
from ..values.text import CODE, TITLE

PAID = "PAID"
PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
PAYMENT_STATUSES = frozenset(
    ("PENDING", "FAILED", PAID, PARTIALLY_REFUNDED, "FULLY_REFUNDED")
)
REFUND_STATUSES = frozenset(("PENDING", "REFUNDED", "FAILED"))
HOLD_STATES = frozenset(
    (
        "HELD HELD_PENDING NOT_HELD RELEASE_PENDING RELEASE_CONFIRMED RELEASE_FAILED "
        "RELEASED"
    ).split()
)
NONE_REQUESTED = "NONE_REQUESTED"
CANCELED = "CANCELED"
CANCEL_STATES = frozenset((NONE_REQUESTED, "IN_PROGRESS", CANCELED))


@dataclass(frozen=True, slots=True)
class PaymentHold:
    """Money that eBay keeps back for a while."""

    state: str | None
    reason: str | None
    amount: Money | None
    expected_release_at: datetime | None
    released_at: datetime | None
    seller_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as it reaches the seller, possibly already without eBay's fees."""

    method: str | None
    status: str | None
    paid_at: datetime | None
    amount: Money | None
    payment_ref: str | None
    holds: tuple[PaymentHold, ...]


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back; ``status`` is known for refunds of the whole order only."""

    refund_ref: str | None
    reference: str | None
    refunded_at: datetime | None
    amount: Money | None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """A wish to cancel; eBay lists it in getOrder only, never in getOrders."""

    request_ref: str | None
    state: str | None
    initiator: str | None
    reason: str | None
    requested_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CancelState:
    """How far cancelling the order has come."""

    state: str | None
    cancelled_at: datetime | None
    requests: tuple[CancelRequest, ...]

    @property
    def is_cancelled(self) -> bool:
        """Whether the order is off, for good."""
        return self.state in (CANCELED, "CANCELLED")

    @property
    def is_requested(self) -> bool:
        """Whether somebody waits for an answer: do not ship now.

        A state that we do not know counts: stopping to look is the safe side.
        """
        return self.state not in (None, NONE_REQUESTED) and not self.is_cancelled

    @property
    def lacks_requests(self) -> bool:
        """Whether getOrder would tell more than the document at hand."""
        return self.state not in (None, NONE_REQUESTED) and not self.requests


def map_payments(summary: Node) -> tuple[Payment, ...]:
    """Give the payments in ``paymentSummary``."""
    return tuple(
        Payment(
            method=node.enum("paymentMethod"),
            status=node.enum("paymentStatus", PAYMENT_STATUSES),
            paid_at=node.timestamp("paymentDate"),
            amount=node.money("amount"),
            payment_ref=node.identifier("paymentReferenceId"),
            holds=tuple(_hold(hold) for hold in node.children("paymentHolds")),
        )
        for node in summary.children("payments")
    )


def map_refunds(summary: Node) -> tuple[Refund, ...]:
    """Give the refunds in ``paymentSummary``; those of lines are on the lines."""
    return tuple(
        Refund(
            refund_ref=node.identifier("refundId"),
            reference=node.identifier("refundReferenceId"),
            refunded_at=node.timestamp("refundDate"),
            amount=node.money("amount"),
            status=node.enum("refundStatus", REFUND_STATUSES),
        )
        for node in summary.children("refunds")
    )


def map_line_refund(node: Node) -> Refund:
    """Give a refund that belongs to one line."""
    return Refund(
        refund_ref=node.identifier("refundId"),
        reference=node.identifier("refundReferenceId"),
        refunded_at=node.timestamp("refundDate"),
        amount=node.money("amount"),
    )


def map_cancel_state(node: Node) -> CancelState:
    """Give ``cancelStatus``; without one nothing was requested."""
    return CancelState(
        state=node.enum("cancelState", CANCEL_STATES) or NONE_REQUESTED,
        cancelled_at=node.timestamp("cancelledDate"),
        requests=tuple(
            CancelRequest(
                request_ref=request.identifier("cancelRequestId"),
                state=request.enum("cancelRequestState"),
                initiator=request.line("cancelInitiator", CODE),
                reason=request.line("cancelReason", TITLE),
                requested_at=request.timestamp("cancelRequestedDate"),
                completed_at=request.timestamp("cancelCompletedDate"),
            )
            for request in node.children("cancelRequests")
        ),
    )


def _hold(node: Node) -> PaymentHold:
    actions = (
        action.line("sellerActionToRelease", TITLE)
        for action in node.children("sellerActionsToRelease")
    )
    return PaymentHold(
        state=node.enum("holdState", HOLD_STATES),
        reason=node.line("holdReason", TITLE),
        amount=node.money("holdAmount"),
        expected_release_at=node.timestamp("expectedReleaseDate"),
        released_at=node.timestamp("releaseDate"),
        seller_actions=tuple(action for action in actions if action),
    )
