"""What is sold beside the goods is taxed like the goods: split by their share.

Odoo's own discount wizard does the same: one line for each set of taxes.
"""

from decimal import Decimal

from ...mapping.values.money import ZERO, shares, step


class TaxShares:
    """The sets of taxes on an order's goods, each with what those goods cost."""

    def __init__(self, env, currency):
        self._unit = step(currency)
        self._none = env["account.tax"]
        self._costs = {}

    def add(self, taxes, cost):
        """Count goods that bear these taxes and cost so much, discounts taken off."""
        taxes = without_fixed(taxes)
        self._costs[taxes] = self._costs.get(taxes, ZERO) + max(cost, ZERO)

    def split(self, amount):
        """An amount as ``[(taxes, part)]``, in the order of the goods, to the cent.

        Without goods, nobody knows the taxes: all of it, and none.
        """
        if not self._costs:
            return [(self._none, amount)]
        parts = shares(amount, list(self._costs.values()), self._unit)
        return [one for one in zip(self._costs, parts, strict=True) if one[1]]


class Rests:
    """What does not divide into prices of one piece, by the taxes of the goods."""

    def __init__(self):
        self._amounts = {}

    def add(self, taxes, amount):
        """Count what is left of a line's price."""
        taxes = without_fixed(taxes)
        self._amounts[taxes] = self._amounts.get(taxes, Decimal(0)) + amount

    def items(self):
        """``[(taxes, amount)]``, what is zero left out."""
        return [one for one in self._amounts.items() if one[1]]


def without_fixed(taxes):
    """The taxes but for amounts per piece: a discount or a parcel is no piece."""
    flat = taxes.flatten_taxes_hierarchy()
    fixed = flat.filtered(lambda tax: tax.amount_type == "fixed")
    return flat - fixed if fixed else taxes
