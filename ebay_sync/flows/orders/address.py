"""What Odoo could not take over of an eBay address, and whether it has been put right.

Such an order continues, and the inbox asks until somebody has corrected the address.
"""

from odoo import api, models

from ...mapping.orders.address import post_number_in

STREET_FIELDS = ("name", "street", "street2")
# Without these no carrier finds the buyer; not every country has postal codes.
NEEDED = ("street", "city", "country_id")


def missing_parts(partner):
    """The names of the fields that a parcel's address needs and this one lacks."""
    return [name for name in NEEDED if not partner[name]]


def states_matter(country):
    """Whether Odoo knows this country's states, and its addresses show them."""
    shown = country.address_format or ""
    is_shown = "state_code" in shown or "state_name" in shown
    return bool((country.state_required or is_shown) and country.state_ids)


class EbayOrderAddress(models.AbstractModel):
    """Looks at the addresses that the inbox speaks of."""

    _name = "ebay.order.address"
    _description = "eBay: addresses to correct"

    @api.model
    def _ask_for_missing(self, plan):
        """An order whose parcel could not arrive waits, and the inbox asks."""
        if not plan.order.fulfillment.needs_shipping:
            return
        partner = plan.sale.partner_shipping_id
        if missing := missing_parts(partner):
            labels = [
                partner._fields[name]._description_string(self.env) for name in missing
            ]
            plan.block("address_incomplete", missing=", ".join(labels))

    @api.model
    def _lacking(self, issue):
        """The partners of the issue's order whose address is still as it was told."""
        lacks = self._checks().get(issue.code)
        sale = issue.sale_order_id.sudo()  # sudo: whoever corrects an address
        if not lacks or sale.state == "cancel":
            return sale.partner_id.browse()
        partners = sale.partner_shipping_id | sale.partner_invoice_id | sale.partner_id
        if issue.code == "address_incomplete":
            partners = sale.partner_shipping_id
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
        over = standing.filtered(lambda issue: not self._lacking(issue))
        over._close()
        waiting = over.filtered(lambda issue: issue.code == "address_incomplete")
        waiting.order_id.filtered(lambda row: row.state == "blocked").action_build_now()

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
            "address_incomplete": self._lacks_parts,
            "tax_number_invalid": self._lacks_tax_number,
        }

    @staticmethod
    def _lacks_parts(partner, _details):
        return bool(missing_parts(partner))

    @staticmethod
    def _lacks_tax_number(partner, details):
        return partner.ebay_tax_number == details.get("number") and not partner.vat

    @staticmethod
    def _lacks_state(partner, details):
        """The state is known as text alone, in a country where addresses need one."""
        is_text = partner.ebay_province == details.get("state")
        country = partner.country_id
        return is_text and not partner.state_id and states_matter(country)

    @staticmethod
    def _lacks_country(partner, _details):
        return not partner.country_id

    @staticmethod
    def _lacks_post_number(partner, details):
        texts = [partner[name] or "" for name in STREET_FIELDS]
        is_locker = any((details.get("locker") or "") in text for text in texts)
        return is_locker and not post_number_in(texts)
