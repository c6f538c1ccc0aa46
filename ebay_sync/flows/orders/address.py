"""What Odoo could not take over of an eBay address, and whether it has been put right.

Such an order goes on, and the inbox asks until somebody has corrected the address.
"""

from odoo import api, models

from ...mapping.orders.address import post_number_in

STREET_FIELDS = ("name", "street", "street2")


class EbayOrderAddress(models.AbstractModel):
    """Looks at the addresses that the inbox speaks of."""

    _name = "ebay.order.address"
    _description = "eBay: addresses to correct"

    @api.model
    def _lacking(self, issue):
        """The partners of the issue's order whose address is still as it was told."""
        lacks = self._checks().get(issue.code)
        sale = issue.sale_order_id.sudo()  # sudo: whoever corrects an address
        if not lacks or sale.state == "cancel":
            return sale.partner_id.browse()
        partners = sale.partner_shipping_id | sale.partner_invoice_id | sale.partner_id
        return partners.filtered(lambda one: lacks(one, issue.details or {}))

    @api.model
    def _corrected(self, sales):
        """Addresses of these orders were changed: close what the inbox asked for."""
        # sudo: whoever corrects an address need not know the inbox
        issues = self.env["ebay.issue"].sudo()
        standing = issues.search(
            [
                ("order_id.sale_order_id", "in", sales.ids),
                ("code", "in", list(self._checks())),
                ("state", "=", "open"),
            ]
        )
        standing.filtered(lambda issue: not self._lacking(issue))._close()

    @api.model
    def _corrected_partners(self, partners):
        """As above, for the orders of these partners."""
        asked = [("code", "in", list(self._checks())), ("state", "=", "open")]
        # sudo: as above
        if not self.env["ebay.issue"].sudo().search_count(asked, limit=1):
            return
        sales = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("ebay_order_id.issue_ids", "any", asked),
                    "|",
                    "|",
                    ("partner_id", "in", partners.ids),
                    ("partner_invoice_id", "in", partners.ids),
                    ("partner_shipping_id", "in", partners.ids),
                ]
            )
        )
        self._corrected(sales)

    @api.model
    def _checks(self):
        """``{code: function(partner, details)}``: whether the address lacks it."""
        return {
            "state_unknown": self._lacks_state,
            "country_unknown": self._lacks_country,
            "locker_number_missing": self._lacks_post_number,
        }

    @staticmethod
    def _lacks_state(partner, details):
        """The state stands behind the city, as it was put there, and nowhere else."""
        text, city = details.get("state") or "", partner.city or ""
        return not partner.state_id and (city == text or city.endswith(f", {text}"))

    @staticmethod
    def _lacks_country(partner, _details):
        return not partner.country_id

    @staticmethod
    def _lacks_post_number(partner, details):
        texts = [partner[name] or "" for name in STREET_FIELDS]
        is_locker = any((details.get("locker") or "") in text for text in texts)
        return is_locker and not post_number_in(texts)
