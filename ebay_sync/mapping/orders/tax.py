"""Taxes of a line: what the seller owes apart from what eBay collects and remits.

Tax that eBay collects (EU IOSS, UK, US sales tax, GST, VOEC ...) is neither revenue nor
tax of the seller. It stands in ``ebayCollectAndRemitTaxes``; with
``fieldGroups=TAX_BREAKDOWN`` the same tax appears a second time, with its type, in
``taxes``, and is then contained in the totals (Fulfillment API, LineItem.total).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from ..values.money import ZERO
from ..values.reader import Node
from ..values.text import CODE

TAX_TYPES = frozenset(
    (
        "STATE_SALES_TAX PROVINCE_SALES_TAX GST VAT IMPORT_VAT SST REGION "
        "ELECTRONIC_RECYCLING_FEE MATTRESS_RECYCLING_FEE BATTERY_RECYCLING_FEE "
        "TIRE_RECYCLING_FEE ADDITIONAL_FEE WHITE_GOODS_DISPOSABLE_TAX"
    ).split()
)
REFERENCES = frozenset(("ABN", "DDG", "IOSS", "IRD", "OSS", "SST", "VOEC"))


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax or fee on a line that the seller keeps and owes.

    ``kind`` is eBay's ``taxType``, which is absent without TAX_BREAKDOWN.
    """

    kind: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RemittedTax:
    """A tax that eBay collects from the buyer and pays to the tax office itself.

    ``reference`` is the number that belongs on the customs label (an IOSS number,
    say) and ``reference_name`` its kind.
    """

    kind: str | None
    amount: Decimal
    reference_name: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class LineTaxes:
    """The taxes of one line, sorted by who owes them."""

    own: tuple[Tax, ...] = ()
    remitted: tuple[RemittedTax, ...] = ()
    broken_down: bool = False
    """Both containers with a type: eBay's sign that totals contain remitted tax."""

    @property
    def remitted_total(self) -> Decimal:
        """What eBay remits for this line."""
        return sum((tax.amount for tax in self.remitted), ZERO)


def is_fee(kind: str | None) -> bool:
    """Tell the fees, which ``pricingSummary.fee`` sums, among the tax types."""
    return kind is not None and kind.endswith("_FEE")


def map_line_taxes(node: Node) -> LineTaxes:
    """Read both tax containers of a line item; amounts of zero are left out."""
    remitted = tuple(
        _remitted(tax)
        for tax in node.children("ebayCollectAndRemitTaxes")
        if tax.booked("amount")
    )
    listed = [
        Tax(tax.enum("taxType", TAX_TYPES), amount)
        for tax in node.children("taxes")
        if (amount := tax.booked("amount"))
    ]
    typed = any(tax.kind for tax in listed)
    return LineTaxes(_own(listed, remitted), remitted, bool(remitted) and typed)


def _remitted(node: Node) -> RemittedTax:
    reference = node.child("ebayReference")
    return RemittedTax(
        kind=node.enum("taxType", TAX_TYPES),
        amount=node.booked("amount") or ZERO,
        reference_name=reference.enum("name", REFERENCES),
        reference=reference.identifier("value", CODE),
    )


def _own(listed: list[Tax], remitted: tuple[RemittedTax, ...]) -> tuple[Tax, ...]:
    """Take what eBay remits out of the listed taxes, type by type.

    Without a type (no TAX_BREAKDOWN) a listed tax is set against whatever remitted
    tax is left.
    """
    left: dict[str | None, Decimal] = defaultdict(Decimal)
    for tax in remitted:
        left[tax.kind] += tax.amount
    own = []
    for tax in listed:
        kinds = [tax.kind] if tax.kind else list(left)
        amount = tax.amount
        for kind in kinds:
            taken = min(amount, left[kind])
            left[kind] -= taken
            amount -= taken
        if amount:
            own.append(Tax(tax.kind, amount))
    return tuple(own)
