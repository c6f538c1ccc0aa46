"""A person's answer to what eBay and Odoo say differently about an order."""

from odoo import api, models

from ...mapping.orders.due import order_due
from ...mapping.orders.order import map_order
from .build import QUIET
from .odoo_facts import UNKNOWN, Base, reading_of
from .plan import Plan


class EbayOrderAnswer(models.AbstractModel):
    """Either answer sets what counts as applied, so that it is asked once."""

    _name = "ebay.order.answer"
    _description = "eBay: answers about orders"

    @api.model
    def _take(self, issue):
        """eBay's values count: the step is taken with them."""
        env = self._flow_env(issue.account_id)
        account, row = issue.account_id.with_env(env), issue.order_id.with_env(env)
        plan = Plan(row, order_due(map_order(row.payload)), sale=row.sale_order_id)
        taken = frozenset((issue.details or {}).get("asked", {}))
        env["ebay.order.build"]._bring_after(account, [plan], taken)
        env["ebay.order.build"]._close_rows(account, [plan])
        issue._close()

    @api.model
    def _keep(self, issue):
        """Odoo's values count, until eBay says something else than was asked about."""
        row = issue.order_id
        base, readings = Base.of(row), reading_of(row.sale_order_id)
        facts = dict(base.facts)
        for key, value in (issue.details or {}).get("asked", {}).items():
            if value is None:
                facts.pop(key, None)
            else:
                facts[key] = value
            base.readings[key] = UNKNOWN  # ours, and asked about if eBay changes again
        touched = {key for key in facts if base.readings.get(key) != readings.get(key)}
        base.store(row, facts, readings, touched)
        env = self._flow_env(issue.account_id)
        row.sale_order_id.with_env(env)._message_log(
            body=env._("eBay's change was not taken over, by decision")
        )
        issue._close()

    def _flow_env(self, account):
        """As the flow itself would do it: its user, the account's company and language.

        The same rights and the same words, whoever presses the button.
        """
        robot = self.env.ref("ebay_sync.user_ebay_robot")
        return (
            self.with_user(robot)
            .with_company(account.company_id)
            .with_context(lang=account.lang or self.env.lang, **QUIET)
            .env
        )
