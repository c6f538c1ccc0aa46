"""One buyer's data: given out as a file, or erased, because the buyer asked."""

import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.engine.ebay_access_mixin import MANAGER


class EbayBuyerData(models.TransientModel):
    _name = "ebay.buyer.data"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay buyer's data"
    _people_set = {MANAGER: "account_id partner_id username"}

    account_id = fields.Many2one(
        "ebay.account",
        required=True,
        default=lambda self: self.env["ebay.account"].search([], limit=1),
    )
    partner_id = fields.Many2one("res.partner", "Contact")
    username = fields.Char("eBay user name or id")
    found = fields.Char(compute="_compute_found")
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.depends("partner_id", "username")
    def _compute_found(self):
        for wizard in self:
            partners, orders = wizard._whose()
            wizard.found = (
                self.env._(
                    "%(partners)s contacts, %(orders)s stored orders",
                    partners=len(partners),
                    orders=len(orders),
                )
                if partners or orders
                else self.env._("Nobody")
            )

    def _whose(self):
        # records are found in the user's companies only
        partners, orders = self.partner_id, self.env["ebay.order"]
        name = (self.username or "").strip()
        names = {name, partners.ebay_username, partners.ebay_user_ref} - {"", False}
        if names:
            known = self.env["ebay.erasure.work"]._known(names).values()
            partners = partners.union(*(one[0].with_env(self.env) for one in known))
            orders = orders.union(*(one[1].with_env(self.env) for one in known))
        return partners, orders

    def _somebody(self):
        self.ensure_one()
        self.account_id.check_access("write")
        partners, orders = self._whose()
        if not partners and not orders:
            raise UserError(self.env._("Nobody with that name is known here."))
        partners.check_access("read")
        orders.check_access("read")
        return partners, orders

    def action_export(self):
        """Button: everything that is stored, as a file."""
        partners, orders = self._somebody()
        document = self.env["ebay.buyer.document"]._document(partners, orders)
        text = json.dumps(document, indent=2, ensure_ascii=False, default=str)
        # sudo: what was found (by a check of each row) is not for the person to write
        self.sudo().write(
            {
                "file": base64.b64encode(text.encode()),
                "filename": f"buyer-{fields.Date.today()}.json",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_erase(self):
        """Button: erase, by the rules that hold for a closed eBay account."""
        partners, orders = self._somebody()
        ledger = self.env["ebay.erasure.work"]._erase(
            self.account_id, partners, orders, "request"
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "ebay.erasure",
            "res_id": ledger.id,
            "views": [(False, "form")],
        }
