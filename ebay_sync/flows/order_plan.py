"""One stored order on its way to a sale order."""

from dataclasses import dataclass, field

from ..mapping.order import Order


@dataclass
class Reason:
    """What the inbox is to say: a code with its cause and the sentence's values."""

    code: str
    cause: str
    severity: str
    details: dict


@dataclass
class Plan:
    """The stored row, what it says, and what has been found for it so far.

    ``blockers`` keep the order from being confirmed; ``remarks`` are told and do not.
    """

    row: object
    order: Order
    sale: object = None
    partner: object = None
    position: object = None
    invoice_partner: object = None
    delivery_partner: object = None
    line_values: list = field(default_factory=list)
    blockers: list = field(default_factory=list)
    remarks: list = field(default_factory=list)

    def block(self, code, cause="", **details):
        """Note a reason to wait."""
        self.blockers.append(Reason(code, cause or "", "warning", details))

    def remark(self, code, cause="", severity="info", **details):
        """Note something that a person should know; ``danger`` for «do not ship»."""
        self.remarks.append(Reason(code, cause or "", severity, details))
