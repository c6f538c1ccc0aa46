"""What the inbox says about orders, and what its buttons do."""

from odoo import api, models
from odoo.exceptions import UserError

from ...mapping.listings.variation import rows_meant

# Codes of orders that wait until somebody says which product was sold.
WAITS_FOR_PRODUCT = ("product_missing", "product_ambiguous")
CHANGED = ("order_changed_held", "order_changed")
# Codes that are raised once and stay until what they say no longer holds.
STANDS_BY_ITSELF = (
    "total_differs",
    "invoice_outdated",
    "cancelled_here",
    "bring_back",
    "changed_after_shipping",
)
# What somebody does to the sale order that answers an entry, by the state it then has.
SETTLED_BY = {
    "refunded_partly": ("cancel", "sale"),
    "refunded_not_shipped": ("cancel",),
    "order_changed_held": ("cancel",),
    "order_changed": ("cancel",),
    "total_differs": ("cancel", "sale"),
    "cancelled_here": ("draft", "sent", "sale"),
    "unpaid_order_gone": ("cancel",),
}


class EbayIssue(models.Model):
    _inherit = "ebay.issue"

    @api.model
    def _words(self):
        """The codes of orders_in: ``{code: (summary, advice, button, method)}``."""
        _ = self.env._
        again, again_button = "action_try_again", _("Try again")
        return {
            **super()._words(),
            "product_missing": (
                _('Order {order_ref}: there is no product for "{title}" (SKU {sku})'),
                _("Link the eBay listing to a product. The order is then built."),
                _("Link product"),
                "action_link_product",
            ),
            "product_ambiguous": (
                _('Order {order_ref}: several products fit "{title}" (SKU {sku})'),
                _("Choose which one was sold. The order is then built."),
                _("Link product"),
                "action_link_product",
            ),
            "placeholder_used": (
                _("Order {order_ref}: SKU {sku} was booked on the placeholder product"),
                _("Link the listing to a product so that this does not happen again."),
                _("Link product"),
                "action_link_product",
            ),
            "total_differs": (
                _(
                    "Order {order_ref}: the total is {odoo} in Odoo, but {expected} "
                    "on eBay"
                ),
                _(
                    "eBay's total is {ebay}. Correct the taxes or lines of the "
                    "quotation, then try again. Nothing is adjusted "
                    "automatically."
                ),
                again_button,
                again,
            ),
            "currency_off": (
                _("Order {order_ref}: the currency {currency} is not active"),
                _("Activate the currency and enter a rate. The order is then built."),
                _("Open currency"),
                "action_open_currency",
            ),
            "order_unreadable": (
                _("Order {order_ref} could not be read"),
                _("At {path}: {reason}. It is kept as eBay sent it."),
                again_button,
                again,
            ),
            "order_failed": (
                _("Order {order_ref} could not be built"),
                _("{reason}. It is tried again automatically."),
                again_button,
                again,
            ),
            "order_unknown": (
                _("Order {order_ref} is not known to eBay"),
                _("Check the number, and whether it belongs to this seller."),
                False,
                False,
            ),
            "orders_not_shown": (
                _("eBay counts {total} changed orders and shows {shown}"),
                _(
                    "Changed from {start} to {end}. It is asked again until it shows "
                    "them all. Should it not, compare with the orders on eBay and "
                    "read by number what is missing here."
                ),
                False,
                False,
            ),
            "order_without_number": (
                _("eBay sent an order without a number"),
                _("Contact eBay's support. The log of the run has the request id."),
                False,
                False,
            ),
            "buyer_missing": (
                _("Order {order_ref}: eBay sent no buyer"),
                _(
                    "A placeholder is used instead. Choose the customer before "
                    "shipping."
                ),
                _("Choose partner"),
                "action_choose_partner",
            ),
            "partner_ambiguous": (
                _(
                    "Order {order_ref}: {count} contacts are named {name} at this "
                    "address"
                ),
                _("A new contact was created. Choose the right one for this buyer."),
                _("Choose partner"),
                "action_choose_partner",
            ),
            "tax_missing": (
                _("Order {order_ref}: no tax for {amount} charged on {base}"),
                _(
                    "You charged a tax on eBay: {country}, about {rate} %. "
                    "Choose which tax in Odoo it is. The order is then built."
                ),
                _("Map tax"),
                "action_map_tax",
            ),
            "country_unknown": (
                _("Order {order_ref}: the country {country} is unknown"),
                _("Enter the country in the address before shipping."),
                _("Open partner"),
                "action_open_partner",
            ),
            "state_unknown": (
                _("Order {order_ref}: {state} is not a state of {country}"),
                _("It is kept beside the address. Choose the state if it is needed."),
                _("Open partner"),
                "action_open_partner",
            ),
            "address_incomplete": (
                _("Order {order_ref}: the address lacks {missing}"),
                _(
                    "It waits as a quotation. Ask the buyer and complete the address, "
                    "then the order continues."
                ),
                _("Open partner"),
                "action_open_partner",
            ),
            "buyer_renamed": (
                _("Order {order_ref}: {new} is {name}, who was {former} on eBay"),
                _(
                    "Name and address are the same. If it is somebody else, choose who "
                    "bought."
                ),
                _("Choose partner"),
                "action_choose_partner",
            ),
            "tax_number_invalid": (
                _("Order {order_ref}: {number} is no valid tax number for Odoo"),
                _(
                    "It is kept as text on {name}. Ask the buyer before you invoice "
                    "without tax."
                ),
                _("Open partner"),
                "action_open_partner",
            ),
            "locker_number_missing": (
                _("Order {order_ref}: Packstation {locker} without a customer number"),
                _(
                    "DHL would return the parcel. Ask the buyer for it and enter it "
                    "in the address."
                ),
                _("Open partner"),
                "action_open_partner",
            ),
            "cancel_requested": (
                _("Order {order_ref}: a cancellation was requested, do not ship"),
                _("Answer the request on eBay. Odoo follows automatically."),
                _("Open on eBay"),
                "action_open_on_ebay",
            ),
            "cancelled_after_shipping": (
                _("Order {order_ref} was cancelled after it had been shipped"),
                _("Have the parcel returned, or contact the buyer."),
                _("Open order"),
                "action_open_record",
            ),
            "refunded_after_shipping": (
                _("Order {order_ref} was refunded in full after it had been shipped"),
                _("Create a credit note, and have the goods returned if agreed."),
                _("Open order"),
                "action_open_record",
            ),
            "refunded_not_shipped": (
                _("Order {order_ref} was refunded in full, do not ship it"),
                _("Cancel it so that the stock becomes available again."),
                _("Cancel order"),
                "action_cancel_sale_order",
            ),
            "refunded_partly": (
                _("Order {order_ref} was partly refunded and is still a quotation"),
                _("Remove what is no longer to be shipped, then confirm it."),
                _("Open order"),
                "action_open_record",
            ),
            "field_rule_failed": (
                _("{path} could not be put into its field (order {order_ref})"),
                _("{reason}. Correct the rule; the order itself continued."),
                _("Open rule"),
                "action_open_record",
            ),
            "order_filter_failed": (
                _("The filter of orders left to others cannot be used"),
                _("{reason}. New orders wait until it is corrected on the account."),
                _("Open account"),
                "action_open_record",
            ),
            "credit_note_due": (
                _("Order {order_ref}: {amount} more is invoiced than was kept"),
                _(
                    "It was refunded or cancelled on eBay. Make a credit note of that "
                    "amount."
                ),
                _("Make credit note"),
                "action_settle",
            ),
            **self._words_of_changes(),
            "invoice_failed": (
                _("Order {order_ref} could not be invoiced"),
                _(
                    "{reason}. Create the invoice by hand, or correct the cause and "
                    "wait."
                ),
                _("Open order"),
                "action_open_record",
            ),
        }

    def _details_in_words(self):
        details = super()._details_in_words()
        if facts := details.get("facts"):
            details["changes"] = self.env["ebay.order.update"]._facts_in_words(facts)
        return details

    def _words_of_changes(self):
        _ = self.env._
        take, show = (_("Take eBay's"), "action_take_ebays"), "action_open_record"
        return {
            "order_changed_held": (
                _("Order {order_ref} was changed on eBay, do not pack it as it is"),
                _("{changes}. Nothing of it leaves before you have decided."),
                *take,
            ),
            "order_changed": (
                _("Order {order_ref} was changed on eBay and in Odoo"),
                _("{changes}. Decide which of them counts."),
                *take,
            ),
            "changed_after_shipping": (
                _("Order {order_ref} was changed on eBay after it had left"),
                "{changes}",
                _("Open order"),
                show,
            ),
            "cancelled_here": (
                _("Order {order_ref} is cancelled in Odoo, and paid and open on eBay"),
                _("Cancel it at eBay, or reopen it here and send it."),
                _("Open on eBay"),
                "action_open_on_ebay",
            ),
            "unpaid_order_gone": (
                _("Order {order_ref} is gone from eBay, and it was never paid"),
                _("Cancel it here if the buyer no longer wants it."),
                _("Cancel order"),
                "action_cancel_sale_order",
            ),
            "invoice_outdated": (
                _("Order {order_ref}: eBay changed who gets the invoice"),
                _("The invoice is posted. Credit it, and invoice again."),
                _("Credit and invoice again"),
                "action_credit_anew",
            ),
            "invoice_differs": (
                _("Order {order_ref}: {amount} less is invoiced than eBay's order"),
                _("eBay changed it after it was invoiced. Invoice the difference."),
                _("Invoice the difference"),
                "action_settle",
            ),
            "bring_back": (
                _("Order {order_ref} was cancelled: bring back what was picked"),
                _("{articles} of {transfers} stand packed in the house."),
                _("Brought back"),
                "action_brought_back",
            ),
        }

    @api.model
    def _holding(self):
        """The codes of what is answered before anything of the order may leave."""
        return (
            "order_changed_held",
            "cancel_requested",
            "refunded_not_shipped",
            "buyer_missing",
            "address_incomplete",
        )

    def _change_still_holds(self):
        """The same for what eBay changed after the sale order was made."""
        sale = self.sale_order_id
        if self.code == "total_differs":  # of one that is confirmed, nobody looks again
            return sale.state == "sale" and bool(
                sale.currency_id.compare_amounts(sale.amount_total, sale.ebay_total)
            )
        if self.code == "invoice_outdated":  # until that invoice is credited
            return bool(
                sale._ebay_posted_invoices().filtered(
                    lambda move: move.create_date <= self.first_seen_at
                )
            )
        if self.code == "cancelled_here":
            return sale.state == "cancel" and self.order_id._is_wanted()
        return True

    def _still_holds(self):
        """What is raised once, when the order is built, and stays until it is fixed."""
        if self.code == "partner_ambiguous":  # only a person settles it
            return True
        if self.code == "placeholder_used":
            return not self._is_linked()
        if self.code in STANDS_BY_ITSELF:
            return self._change_still_holds()
        if self.code == "invoice_failed":
            sale = self.sale_order_id
            return sale.state == "sale" and sale.invoice_status == "to invoice"
        if self.code in ("credit_note_due", "invoice_differs"):
            settlement = self.env["ebay.order.settlement"]
            return settlement._holds(self.code, self.sale_order_id)
        if self.env["ebay.order.address"]._lacking(self):
            return True
        return super()._still_holds()

    def _holds(self):
        """An order that is not built waits; who may, ignores the order itself."""
        waits = self.order_id.state == "blocked" or self.code == "cancel_requested"
        return super()._holds() or waits

    @api.model
    def _settled_by_hand(self, sales):
        """Somebody confirmed or cancelled these orders, as the inbox asked for."""
        # sudo: whoever does so need not know the inbox
        asked = self.sudo().search(
            [
                ("order_id.sale_order_id", "in", sales.ids),
                ("code", "in", list(SETTLED_BY)),
                ("state", "=", "open"),
            ]
        )
        asked.filtered(
            lambda issue: issue.sale_order_id.state in SETTLED_BY[issue.code]
        )._close()

    def _is_linked(self):
        """Whether the next order of what was sold would find its product."""
        details = self.details or {}
        sku = details.get("sku")
        rows = self.env["ebay.listing"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("listing_ref", "=", details.get("listing_ref")),
            ]
        )
        meant = rows_meant(rows, sku or "", details.get("variation_ref") or "")
        listing = any(row.product_id for row in meant)
        return listing or self.env["product.product"].search(
            [
                ("company_id", "in", (self.company_id.id, False)),
                "|",
                ("default_code", "=", sku),
                ("barcode", "=", sku),
            ],
            limit=1,
        )

    # -- fixes -----------------------------------------------------------------

    @api.model
    def _other_fixes(self):
        return {
            **super()._other_fixes(),
            "action_keep_ours": CHANGED,
            "action_reopen": ("cancelled_here",),
        }

    def action_link_product(self):
        """Button: choose the product of what was sold."""
        return self._ask("ebay.link.product")

    def action_map_tax(self):
        """Button: choose the tax that was charged on eBay."""
        return self._ask("ebay.map.tax")

    def action_choose_partner(self):
        """Button: choose who bought."""
        return self._ask("ebay.choose.partner")

    def action_open_currency(self):
        """Button: the currency that is switched off."""
        self.ensure_one()
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", (self.details or {}).get("currency"))], limit=1)
        )
        return self._form("res.currency", currency)

    def action_open_partner(self):
        """Button: the partner of the order whose address is to be corrected."""
        self.ensure_one()
        self.check_access("read")
        lacking = self.env["ebay.order.address"]._lacking(self)
        sale = self.sale_order_id
        partner = lacking[:1] or sale.partner_shipping_id or sale.partner_id
        return self._form("res.partner", partner)

    def action_open_on_ebay(self):
        """Button: the order in eBay's Seller Hub."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "new",
            "url": self.account_id._order_url(self.order_id.order_ref),
        }

    def action_settle(self):
        """Button: a credit note, or an invoice, of what differs from what was kept."""
        self.ensure_one()
        self._must_ask_for("action_settle")
        self.sale_order_id.check_access("write")
        made = self.env["ebay.order.settlement"]._make(self.sale_order_id)
        if not made.has_access("read"):
            return {"type": "ir.actions.client", "tag": "reload"}
        return self._form("account.move", made[:1])

    def action_cancel_sale_order(self):
        """Button: cancel the sale order in Odoo; eBay has refunded already."""
        self.ensure_one()
        self._must_ask_for("action_cancel_sale_order")
        if any(picking.state == "done" for picking in self.sale_order_id.picking_ids):
            raise UserError(
                self.env._(
                    "The order has been shipped. Create a return and a credit note."
                )
            )
        self.sale_order_id.check_access("write")
        # sudo: cancelling looks for purchases, which not every seller may read
        self.sale_order_id.sudo()._action_cancel()
        self._close()

    def action_take_ebays(self):
        """Button: what eBay says now is what counts."""
        self._answer("action_take_ebays", "_take")

    def action_keep_ours(self):
        """Button: what Odoo says is what counts, until eBay says something else."""
        self._answer("action_keep_ours", "_keep")

    def action_ignore(self):
        """Button: to leave a change at eBay alone is to keep ours."""
        changed = self.filtered(lambda issue: issue.code in CHANGED)
        result = super().action_ignore()
        for issue in changed:
            issue.sudo().state = "open"
            issue.action_keep_ours()
        return result

    def _answer(self, button, method):
        """Either answer, as far as whoever presses may work the inbox and the order."""
        self.ensure_one()
        self._must_ask_for(button)
        self.sale_order_id.check_access("write")
        # sudo: the answer is applied by the same step that the flow takes
        getattr(self.env["ebay.order.answer"].sudo(), method)(self.sudo())

    def action_reopen(self):
        """Button: what was cancelled here continues; eBay's buyer waits for it."""
        self.ensure_one()
        self._must_ask_for("action_reopen")
        self.sale_order_id.check_access("write")
        self.sale_order_id.action_draft()
        self.order_id.sudo()._build_again()  # sudo: as for every try again
        self._close()

    def action_credit_anew(self):
        """Button: Odoo's own dialog for a credit note and an invoice in its place."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.fix_label,
            "res_model": "account.move.reversal",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "account.move",
                "active_ids": self.sale_order_id._ebay_posted_invoices().ids,
            },
        }

    def action_brought_back(self):
        """Button: what was picked is on its shelf again."""
        self._must_ask_for("action_brought_back")
        self._close()

    def _ask(self, wizard):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.fix_label,
            "res_model": wizard,
            "view_mode": "form",
            "target": "new",
            "context": {"default_issue_id": self.id},
        }

    def _form(self, model, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record.id,
            "views": [(False, "form")],
        }
