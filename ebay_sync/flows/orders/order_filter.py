"""Which new orders an account leaves to others."""

from odoo import api, models

from ...models.account.filters import FilterError


class EbayOrderFilter(models.AbstractModel):
    """Sorts out the orders that the account's filter names."""

    _name = "ebay.order.filter"
    _description = "eBay: orders left to others"

    @api.model
    def _ours(self, account, plans):
        """The plans that are built here: those that have a sale order, and the rest.

        Orders left to others are ignored, with the reason. Where the filter cannot be
        used new orders wait and the inbox asks: nobody ships one twice.
        """
        new = [plan for plan in plans if not plan.sale]
        rows = self.env["ebay.order"].union(*[plan.row for plan in new])
        try:
            others = account._left_to_others(rows)
        except FilterError as error:
            self._hold(account, rows, str(error))
            return [plan for plan in plans if plan.sale]
        if account.other_orders_domain:
            account._close_filter_issues("order_filter_failed")
        if others:
            others.write(
                {
                    "state": "ignored",
                    "is_left_to_others": True,
                    "next_try_at": False,
                    "message": self.env._("Left to others by the account's filter"),
                }
            )
            others.issue_ids._close()
        (rows - others).filtered("is_left_to_others").is_left_to_others = False
        return [plan for plan in plans if plan.sale or plan.row not in others]

    def _hold(self, account, rows, reason):
        rows._set_blocked(reason)
        if rows:
            self.env["ebay.issue"]._raise(
                account,
                "order_filter_failed",
                record=account,
                severity="danger",
                reason=reason,
            )
