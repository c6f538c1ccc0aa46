from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...compat import sql_constraints
from ..engine.ebay_access_mixin import MANAGER


class EbayLocation(models.Model):
    """A merchant location at eBay, and the warehouse it stands for.

    A location that is gone at eBay is archived and keeps its warehouse.
    """

    _name = "ebay.location"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay merchant location"
    _order = "account_id, name, id"
    _rec_names_search = ["name", "location_ref"]
    _check_company_auto = True
    _people_set = {MANAGER: "warehouse_id stock_location_id"}

    locals().update(
        sql_constraints(
            account_location_uniq=(
                "UNIQUE(account_id, location_ref)",
                "This merchant location is already stored.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    location_ref = fields.Char(
        "eBay location key",
        required=True,
        readonly=True,
        help="eBay's merchantLocationKey.",
    )
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(
        default=True, readonly=True, help="Off when eBay no longer has it."
    )
    enabled = fields.Boolean(
        "Enabled at eBay",
        readonly=True,
        help="Offers at a disabled location cannot be edited.",
    )
    status = fields.Char(
        "eBay status", readonly=True, help="eBay's merchantLocationStatus."
    )
    types = fields.Char(
        readonly=True, help="eBay's locationTypes: WAREHOUSE, STORE ..."
    )
    street = fields.Char(readonly=True)
    street2 = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    state_name = fields.Char("State or province", readonly=True)
    zip = fields.Char("ZIP", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True, ondelete="restrict")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The warehouse from which goods offered at this location are shipped.",
    )
    stock_location_id = fields.Many2one(
        "stock.location",
        "Part of the warehouse",
        ondelete="restrict",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        help="Only goods in this location count. Empty: the whole warehouse.",
    )
    proposed_warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Proposed warehouse",
        readonly=True,
        ondelete="set null",
        check_company=True,
        help="The only warehouse with the same name or the same address.",
    )
    checked_at = fields.Datetime(
        related="account_id.reference_checked_at", related_sudo=False
    )

    @api.onchange("warehouse_id")
    def _onchange_warehouse_id(self):
        if self.stock_location_id.warehouse_id != self.warehouse_id:
            self.stock_location_id = False

    @api.constrains("warehouse_id", "stock_location_id")
    def _check_stock_location(self):
        for location in self.filtered("stock_location_id"):
            if location.stock_location_id.warehouse_id != location.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "%(place)s is not part of the warehouse chosen for the "
                        "eBay location %(location)s.",
                        place=location.stock_location_id.display_name,
                        location=location.name,
                    )
                )

    def action_accept_proposal(self):
        """Button: accept the proposed warehouse where none is chosen."""
        self.check_access("write")
        for location in self:
            if location.proposed_warehouse_id and not location.warehouse_id:
                location.warehouse_id = location.proposed_warehouse_id

    def action_refresh(self):
        """Button: ask eBay again, in the background."""
        return self.account_id.action_refresh_reference()
