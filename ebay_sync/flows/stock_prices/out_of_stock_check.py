"""Announced in time: what zero does for this seller, and what was archived."""

from datetime import timedelta

from odoo import fields

from ...ebay_api.errors import Rejected
from ...mapping.reference.programs import (
    OUT_OF_STOCK_CONTROL,
    map_out_of_stock_control,
    map_programs,
)
from ..engine.run import explain

ASK_EVERY = timedelta(days=1)
TELL_AT_MOST = 50


class OutOfStockCheck:
    """Asks eBay once a day, and looks for archived products that are still for sale."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account

    def tell(self):
        """Put into the inbox what should be known in advance."""
        self._does_zero_end_listings()
        self._is_something_archived()

    def _does_zero_end_listings(self):
        last = self.account.out_of_stock_checked_at
        if last and last > fields.Datetime.now() - ASK_EVERY:
            return
        with self.run.part(fails=False) as tried:
            told = self._survives_zero()
        if tried.error:  # asked again; stock continues
            self.run.line("failed", message=explain(tried.error), error=tried.error)
            return
        words = {True: "on", False: "off", None: "unknown"}
        self.account.write(
            {
                "out_of_stock_control": words[told],
                "out_of_stock_checked_at": fields.Datetime.now(),
            }
        )
        if told is False:
            self.env["ebay.issue"]._raise(self.account, "zero_ends_listings")
        elif told:
            self._issues("zero_ends_listings")._close()

    def _survives_zero(self):
        """Whether a listing survives zero; None when eBay does not say."""
        client = self.run.client
        told = map_out_of_stock_control(client.trading.get_user_preferences())
        if told is not False:
            return told
        try:
            programs = map_programs(client.account.get_opted_in_programs())
        except Rejected:  # who is in no program may be refused
            return False
        return OUT_OF_STOCK_CONTROL in programs

    def tell_last_pieces(self, count):
        """Listings that would end at zero show one piece more than there is."""
        if count:
            self.env["ebay.issue"]._raise(
                self.account, "zero_waits", severity="danger", count=count
            )
        else:
            self._issues("zero_waits")._close()

    def _is_something_archived(self):
        """One question for each archived product; an ignored one is not asked again."""
        rows = self.env["ebay.listing"]._read_group(
            [
                ("account_id", "=", self.account.id),
                ("product_id.active", "=", False),
                ("stock_master", "=", "odoo"),
                ("ignored", "=", False),
            ],
            ["product_id"],
            ["__count"],
            limit=TELL_AT_MOST,
        )
        asked = set(self._issues("product_archived", any_state=True).mapped("res_id"))
        for product, count in rows:
            if product.id not in asked:
                self.env["ebay.issue"]._raise(
                    self.account,
                    "product_archived",
                    record=product,
                    title=product.display_name,
                    count=count,
                )
        archived = {product.id for product, _count in rows}
        self._issues("product_archived").filtered(
            lambda issue: issue.res_id not in archived
        )._close()

    def _issues(self, code, any_state=False):
        domain = [("account_id", "=", self.account.id), ("code", "=", code)]
        if not any_state:
            domain.append(("state", "=", "open"))
        # sudo: the inbox is looked after by flows, whoever started them
        return self.env["ebay.issue"].sudo().search(domain)
