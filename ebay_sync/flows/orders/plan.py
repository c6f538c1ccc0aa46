"""One stored order on its way to a sale order."""

from dataclasses import dataclass, field
from functools import cached_property

from ...mapping.orders.charged_tax import ChargedTax
from ...mapping.orders.merge import Merge
from ...mapping.orders.order import Order
from ...mapping.orders.totals import DELIVERY_DISCOUNT, LINE_DISCOUNT


@dataclass
class Reason:
    """What the inbox is to say: a code with its cause and the sentence's values."""

    code: str
    cause: str
    severity: str
    details: dict


@dataclass
class Charge:
    """A tax that the seller charged on eBay, and the tax of Odoo's that stands for it.

    ``tax`` is empty while nobody has chosen one. ``covered`` says what it is taken of.
    """

    charged: ChargedTax
    tax: object
    covered: frozenset

    def on_line(self, line_ref):
        """The tax of a line of goods; None where the product's own taxes hold."""
        return self.tax if line_ref in self.charged.line_refs else None

    def on_delivery(self):
        """The tax of what delivery costs, as above; empty while it is unknown."""
        is_unknown = not self.tax and self.charged.is_whole_order
        return self.tax if is_unknown or "delivery" in self.covered else None

    def on_discount(self, discount):
        """The tax of what is taken off a line, the order or its delivery, as above."""
        if discount.kind == DELIVERY_DISCOUNT:
            return self.on_delivery()
        if discount.kind == LINE_DISCOUNT:
            return self.on_line(discount.line_item_ref)
        return self.tax if self.charged.is_whole_order else None


@dataclass
class Plan:
    """The stored row, what it says, and what has been found for it so far.

    ``ebay`` are the facts of the document, ``base`` those last applied, ``merged`` what
    the comparison with the sale order wants; ``undone`` of it could not be done yet.
    ``combined`` are the quotations of which the order was made when it was paid.
    ``blockers`` keep the order from being confirmed; ``remarks`` are
    reported and do not.
    """

    row: object
    order: Order
    sale: object = None
    partner: object = None
    position: object = None
    invoice_partner: object = None
    delivery_partner: object = None
    charge: Charge | None = None
    taxes_by_line: dict = field(default_factory=dict)
    shares: object = None
    rests: object = None
    line_values: list = field(default_factory=list)
    base: object = None
    ebay: dict = field(default_factory=dict)
    merged: Merge = field(default_factory=Merge)
    undone: frozenset = frozenset()
    combined: object = ()
    blockers: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    @cached_property
    def source(self):
        """Where values come from, as the hooks for other addons are told.

        Odoo copies a document each time it is read.
        """
        return {
            "account": self.row.account_id,
            "order": self.order,
            "document": self.row.payload,
        }

    @property
    def changed(self):
        """The keys of the facts that are to be applied."""
        return {one.key for one in self.merged.changes}

    @property
    def is_touched(self):
        """Whether a clerk's changes or an unanswered question explain a difference."""
        return bool(self.merged.touched or self.merged.conflicts)

    @property
    def is_certain(self):
        """Whether eBay's parts add up to the total that eBay states."""
        codes = {note.code for note in self.order.notes}
        return not codes & {"total_mismatch", "total_missing"}

    def block(self, code, cause="", **details):
        """Note a reason to wait."""
        self.blockers.append(Reason(code, cause or "", "warning", details))

    def remark(self, code, cause="", severity="info", **details):
        """Note something that a person should know; ``danger`` for "do not ship"."""
        reason = Reason(code, cause or "", severity, details)
        if reason not in self.remarks:  # of both addresses, or of two lines
            self.remarks.append(reason)
