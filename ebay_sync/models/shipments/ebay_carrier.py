from odoo import api, fields, models

from ...mapping.shipments.carriers import OTHER
from ..engine.ebay_access_mixin import MANAGER, USER


class EbayCarrier(models.Model):
    """What a delivery method is called on eBay when a tracking number is sent."""

    _name = "ebay.carrier"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay carrier"
    _order = "carrier_id, marketplace_id, id"
    _rec_name = "code"
    _people_set = {USER: "marketplace_id code"}
    _people_set_once = {MANAGER: "carrier_id"}

    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery method",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="carrier_id.company_id", store=True)
    marketplace_id = fields.Many2one(
        "ebay.marketplace",
        "Only on",
        ondelete="cascade",
        help="Empty: for all marketplaces without a line of their own.",
    )
    code = fields.Char(
        "eBay's carrier code",
        required=True,
        default=OTHER,
        help="As eBay spells it: DHL, DPD, GLS, Hermes, DeutschePost, InPost, "
        "PocztaPolska, RoyalMail, LAPOSTE, UPS, FedEx, USPS ... or Other.",
    )
    ebay_names = fields.Char("eBay's carriers", compute="_compute_ebay_names")
    is_unlisted = fields.Boolean(compute="_compute_ebay_names")
    is_proposed = fields.Boolean(
        "Proposed", readonly=True, help="Guessed by the method's name; edit to confirm."
    )

    @api.depends("code", "marketplace_id")
    def _compute_ebay_names(self):
        served = self.env["ebay.marketplace"].union(
            *(one._served_marketplaces() for one in self.env["ebay.account"].search([]))
        )
        for carrier in self:
            listed = {}
            for place in carrier.marketplace_id or served:
                listed |= place.carrier_codes or {}
            carrier.ebay_names = ", ".join(sorted(listed, key=str.casefold))
            carrier.is_unlisted = bool(listed) and carrier.code not in listed

    # One answer for each method and marketplace.
    _ebay_indexes = {
        "ebay_carrier_uniq": "UNIQUE (carrier_id, COALESCE(marketplace_id, 0))",
    }

    def write(self, vals):
        """What a person has edited is no longer a proposal."""
        if "code" not in vals or "is_proposed" in vals:
            return super().write(vals)
        result = super().write({**vals, "code": (vals["code"] or "").strip()})
        self.sudo().is_proposed = False  # sudo: follows from what was let in above
        self.env["ebay.issue"]._close_about(self)
        return result


class EbayShippingService(models.Model):
    """One of eBay's shipping services that was sold, and the method that stands for it.

    Rows are created with the first order of a service.
    """

    _name = "ebay.shipping.service"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay shipping service"
    _order = "account_id, code"
    _rec_name = "code"
    _check_company_auto = True
    _people_set = {USER: "carrier_id"}
    _people_set_once = {MANAGER: "account_id code marketplace"}

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    code = fields.Char("Service", required=True, help="eBay's shippingServiceCode.")
    marketplace = fields.Char("Sold on", help="Where it was sold first.")
    carrier_id = fields.Many2one(
        "delivery.carrier", "Delivery method", check_company=True, ondelete="set null"
    )
    is_proposed = fields.Boolean("Proposed", readonly=True)

    # One row for each service of an account.
    _ebay_indexes = {
        "ebay_shipping_service_uniq": "UNIQUE (account_id, code)",
    }

    def write(self, vals):
        """A method that a person chose goes to the orders that still wait for one."""
        if "carrier_id" not in vals or "is_proposed" in vals:
            return super().write(vals)
        result = super().write(vals)
        self.sudo().is_proposed = False  # sudo: follows from what was let in above
        self._give_to_open_orders()
        self.env["ebay.issue"]._close_about(self)
        return result

    def _give_to_open_orders(self):
        """Orders of these services that have no method yet, and their deliveries."""
        for service in self.filtered("carrier_id"):
            # sudo: who answers the inbox need not be the seller of each order
            orders_sudo = (
                self.env["sale.order"]
                .sudo()
                .search(
                    [
                        ("ebay_account_id", "=", service.account_id.id),
                        ("ebay_service_code", "=", service.code),
                        ("carrier_id", "=", False),
                        ("state", "!=", "cancel"),
                    ]
                )
            )
            orders_sudo.carrier_id = service.carrier_id
            orders_sudo.picking_ids.filtered(
                lambda picking: (
                    picking.state not in ("done", "cancel")
                    and not picking.carrier_id
                    and picking.picking_type_code == "outgoing"
                )
            ).carrier_id = service.carrier_id
