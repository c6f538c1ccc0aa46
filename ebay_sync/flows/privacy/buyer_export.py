"""Everything that is stored of one buyer, as one document: the right of access."""

from odoo import api, fields, models

from .person import Person

CONTACT = (
    "name",
    "email",
    "phone",
    "street",
    "street2",
    "city",
    "zip",
    "vat",
    "lang",
    "comment",
    "ebay_username",
    "ebay_user_ref",
    "ebay_province",
    "ebay_tax_number",
)


class EbayBuyerExport(models.AbstractModel):
    """Collects exactly what would be erased."""

    _name = "ebay.buyer.document"
    _description = "eBay: what is stored of a buyer"

    @api.model
    def _document(self, partners, orders):
        """Plain values of contacts, orders, invoices, messages and notifications."""
        person = Person(self.env, partners, orders)
        return {
            "made_at": fields.Datetime.to_string(fields.Datetime.now()) + " UTC",
            "contacts": [self._contact(partner) for partner in person.family],
            "ebay_orders": [self._stored(order) for order in person.orders],
            "sale_orders": [self._sale(sale) for sale in person.sales],
            "deliveries": [self._delivery(picking) for picking in person.pickings],
            "invoices": [self._invoice(move) for move in person.moves],
            "messages": self._messages(person),
        }

    def _contact(self, partner):
        return {
            **{name: partner[name] or None for name in CONTACT},
            "country": partner.country_id.code or None,
            "state": partner.state_id.name or None,
            "kind": partner.type,
            "filled_by_rules": partner.ebay_field_values or None,
            "stored_since": fields.Datetime.to_string(partner.create_date),
            "to_be_erased_on": partner.ebay_erase_at
            and fields.Date.to_string(partner.ebay_erase_at),
            "logins": partner.user_ids.mapped("login"),
        }

    def _stored(self, order):
        return {
            "number": order.order_ref,
            "buyer": order.buyer_username or None,
            "state": order.state,
            "read_at": order.read_at and fields.Datetime.to_string(order.read_at),
            "as_ebay_sent_it": order.payload or None,
        }

    def _sale(self, sale):
        return {
            "number": sale.name,
            "ebay_number": sale.ebay_order_ref,
            "date": fields.Datetime.to_string(sale.date_order),
            "state": sale.state,
            "note_of_the_buyer": sale.ebay_buyer_note or None,
            "gift": sale.ebay_gift or None,
            "filled_by_rules": sale.ebay_field_values or None,
            "total": f"{sale.amount_total:.2f} {sale.currency_id.name}",
            "lines": [
                {
                    "text": line.name,
                    "quantity": line.product_uom_qty,
                    "filled_by_rules": line.ebay_field_values or None,
                }
                for line in sale.order_line
            ],
        }

    def _delivery(self, picking):
        return {
            "number": picking.name,
            "state": picking.state,
            "done_at": picking.date_done
            and fields.Datetime.to_string(picking.date_done),
            "tracking_number": picking.carrier_tracking_ref or None,
        }

    def _invoice(self, move):
        return {
            "number": move.name,
            "kind": move.move_type,
            "date": fields.Date.to_string(move.invoice_date or move.date),
            "state": move.state,
            "total": f"{move.amount_total:.2f} {move.currency_id.name}",
        }

    def _messages(self, person):
        Message = person.env["mail.message"]
        found = Message.search([("author_id", "in", person.family.ids)])
        for records in person.documents():
            found |= Message.search(
                [("model", "=", records._name), ("res_id", "in", records.ids)]
            )
        return [
            {
                "date": fields.Datetime.to_string(message.date),
                "subject": message.subject or None,
                "text": message.body or None,
            }
            for message in found.sorted("date")
            if message.body
        ]
