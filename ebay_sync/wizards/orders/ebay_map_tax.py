from odoo import api, fields, models
from odoo.exceptions import UserError

from ...mapping.orders.charged_tax import charged_tax
from ...mapping.orders.order import map_order
from ...mapping.values.errors import MappingError
from ...models.engine.ebay_access_mixin import USER
from ...private_log import added_once


class EbayMapTax(models.TransientModel):
    """Choose the tax of Odoo's that the seller charged on eBay; it is remembered."""

    _name = "ebay.map.tax"
    _inherit = ["ebay.access.mixin"]
    _description = "Choose the tax that was charged on eBay"
    _account_path = "issue_id.account_id"
    _people_set = {USER: "tax_id"}
    _people_set_once = {USER: "issue_id"}

    issue_id = fields.Many2one("ebay.issue", required=True, ondelete="cascade")
    summary = fields.Char(related="issue_id.summary", related_sudo=False)
    advice = fields.Char(related="issue_id.advice", related_sudo=False)
    company_id = fields.Many2one(related="issue_id.company_id", related_sudo=False)
    tax_id = fields.Many2one(
        "account.tax",
        "Tax in Odoo",
        compute="_compute_tax_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'parent_of', company_id), "
        "('type_tax_use', '=', 'sale'), ('price_include', '=', False), "
        "('amount_type', 'in', ('percent', 'group'))]",
    )

    @api.depends("issue_id")
    def _compute_tax_id(self):
        """Propose the only tax that comes to what eBay says."""
        for wizard in self:
            wizard.tax_id = False
            charged, order = wizard._charged()
            if not charged:
                continue
            fitting = self.env["account.tax"].search(
                [
                    *self.env["account.tax"]._check_company_domain(wizard.company_id),
                    ("type_tax_use", "=", "sale"),
                    ("price_include", "=", False),
                    ("amount_type", "=", "percent"),
                ]
            )
            currency = wizard._currency(order)
            rules = [self.env["ebay.tax.rule"].new({"tax_id": tax}) for tax in fitting]
            fitting = [rule for rule in rules if rule._covers(charged, currency)]
            if len(fitting) == 1:
                wizard.tax_id = fitting[0].tax_id._origin

    def action_map(self):
        """Remember the tax, and let every order that waits for it go on."""
        self.ensure_one()
        issue = self.issue_id
        issue._must_ask_for("action_map_tax")
        if not self.tax_id:
            raise UserError(self.env._("Choose a tax."))
        charged, order = self._charged()
        if not charged:
            raise UserError(self.env._("eBay no longer mentions this tax."))
        rule = self._rule(order)
        if not rule._covers(charged, self._currency(order)):
            raise UserError(
                self.env._(
                    "%(amount)s on %(base)s is not %(tax)s. Choose another tax, or put "
                    "the taxes on the quotation's lines and try again.",
                    amount=f"{charged.amount} {order.currency}",
                    base=f"{charged.goods} {order.currency}",
                    tax=self.tax_id.name,
                )
            )
        # sudo: whoever may write the entry (checked above) lets the orders go on that
        # wait for the same, colleagues' ones as well; all are of the entry's account
        waiting = issue.sudo().search(
            [
                ("account_id", "=", issue.account_id.id),
                ("code", "=", issue.code),
                ("state", "=", "open"),
            ]
        )
        orders = waiting.order_id
        issue._close()
        orders.filtered(lambda one: one.state == "blocked").action_build_now()
        return {"type": "ir.actions.act_window_close"}

    def _charged(self):
        """What was charged, and on which order; nothing when eBay says so no more."""
        # sudo: what eBay sent is for managers; here it only says what was charged
        payload = self.issue_id.order_id.sudo().payload
        try:
            order = map_order(payload) if payload else None
        except MappingError:
            order = None
        return (charged_tax(order) if order else None), order

    def _currency(self, order):
        return (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", order.currency)], limit=1)
        )

    def _rule(self, order):
        """The account's rule for this country and rate, with the chosen tax."""
        country = self.env["res.country"].search(
            [("code", "=", order.tax_country or "-")], limit=1
        )
        if not country:
            raise UserError(
                self.env._(
                    "eBay did not say to which country. Put the taxes on the "
                    "quotation's lines and try again."
                )
            )
        # sudo: the entry was checked (action_map); mapping is the fix that the inbox
        # offers to every eBay user; who did it stands in the account's chatter
        Rule = self.env["ebay.tax.rule"].sudo()
        place = {
            "account_id": self.issue_id.account_id.id,
            "country_id": country.id,
        }
        # sudo: a tax of several is made of others, which only accountants may read
        rate = Rule._rate_of(self.tax_id.sudo())
        same = Rule.search([(name, "=", value) for name, value in place.items()])
        same = same.filtered(lambda rule: abs(rule.rate - rate) < 0.00005)
        if same:
            same.tax_id = self.tax_id
            return same
        with added_once(self.env):
            return Rule.create({**place, "tax_id": self.tax_id.id})
