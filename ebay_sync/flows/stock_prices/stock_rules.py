"""The account's stock rule and its exceptions -> the rule of one listing."""

from ...mapping.stock_prices.stock import StockRule
from .overrides import Overrides


class StockRules:
    """Finds the rule of a listing; rules are read once per run."""

    def __init__(self, account):
        self._overrides = Overrides(account, "stock")
        self._filtered = account._never_pushed_ids()
        self._common = StockRule(
            share=account.stock_share,
            buffer=account.stock_buffer,
            cap=account.stock_cap or None,
            least=_least(account),
        )

    def find(self, listing_id, product_id):
        """The ``mapping.stock.StockRule`` that holds for this listing."""
        if self.is_filtered(product_id):
            return StockRule(never=True)
        if not self._overrides:
            return self._common
        special = self._overrides.find(listing_id, product_id)
        if not special:
            return self._common
        common = self._common
        return StockRule(
            share=special.get("share", common.share),
            buffer=int(special.get("buffer", common.buffer)),
            cap=int(special["cap"]) if "cap" in special else common.cap,
            fixed=int(special["fixed"]) if "fixed" in special else None,
            never="never" in special,
            least=common.least,
        )

    def is_filtered(self, product_id):
        """Whether the account's filter says that the product is never sent."""
        return product_id in self._filtered


def _least(account):
    """What stays on show of an empty shelf: where zero ends a listing, the last piece,
    until a manager has said that listings may end."""
    ends = account.out_of_stock_control == "off"
    return 1 if ends and account.zero_rule == "ask" else 0
