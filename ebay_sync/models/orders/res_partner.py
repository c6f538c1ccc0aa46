from odoo import fields, models

ADDRESS = {"name", "street", "street2", "city", "state_id", "country_id", "vat"}


class ResPartner(models.Model):
    """Who the partner is on eBay."""

    _name = "res.partner"
    _inherit = ["res.partner", "ebay.access.mixin"]
    _people_set = {}

    ebay_username = fields.Char(
        "eBay user name", index="btree_not_null", copy=False, readonly=True
    )
    ebay_user_ref = fields.Char(
        "eBay user id", index="btree_not_null", copy=False, readonly=True
    )
    ebay_province = fields.Char(
        "State or province at eBay",
        copy=False,
        readonly=True,
        help="As eBay wrote it, where Odoo has no such state.",
    )
    ebay_tax_number = fields.Char(
        "Tax number at eBay", copy=False, readonly=True, help="As the buyer gave it."
    )
    ebay_erase_at = fields.Date(
        "To be erased on",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The name and address are needed until then, for accounting or for an "
        "open order.",
    )
    ebay_erasure_id = fields.Many2one(
        "ebay.erasure", copy=False, readonly=True, index="btree_not_null"
    )
    ebay_is_placeholder = fields.Boolean(
        "Placeholder for a missing eBay buyer", copy=False, readonly=True
    )

    def write(self, vals):
        """A corrected address leaves the inbox."""
        result = super().write(vals)
        if ADDRESS & vals.keys():
            self.env["ebay.order.address"]._corrected_partners(self)
        return result


class MergePartners(models.TransientModel):
    """Merged contacts stay who they are on eBay."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """What one of them is called on eBay goes to the contact that remains."""
        (src_partners | dst_partner).check_access("write")
        # sudo: Odoo writes every field of the contacts, and eBay's are nobody's to set
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())
