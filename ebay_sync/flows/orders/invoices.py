"""After confirmation, by the account's rule: the invoice, and the payment on it."""

from odoo import api, models

from ..engine.run import reason

AT_ONCE = 50
FAILED_AT_ONCE = 10


class EbayOrderInvoices(models.AbstractModel):
    """Invoices paid orders, each once."""

    _name = "ebay.order.invoices"
    _description = "eBay: invoice orders"

    @api.model
    def _invoice_due(self, run):
        """Invoice what is confirmed, paid on eBay and not invoiced yet.

        What failed before comes last and little by little: it must not keep the others
        waiting.
        """
        account = run.account
        if account.invoice_rule == "no" or not run.checkpoint.has_time():
            return
        told = self.env["ebay.issue"].search(
            [
                ("account_id", "=", account.id),
                ("code", "=", "invoice_failed"),
                ("state", "in", ("open", "ignored")),
            ],
            order="last_seen_at, id",
        )
        over = told.filtered(lambda issue: not issue._still_holds())
        over._close()
        failed = (told - over).sale_order_id
        orders = self._due(account, [("id", "not in", failed.ids)], AT_ONCE)
        orders |= self._due(account, [("id", "in", failed[:FAILED_AT_ONCE].ids)])
        for order in orders:
            self._invoice_one(run, order)
            if not run.save(1):
                run.more = True
                return

    def _due(self, account, which, limit=None):
        return self.env["sale.order"].search(
            [
                ("ebay_account_id", "=", account.id),
                ("state", "=", "sale"),
                ("invoice_status", "=", "to invoice"),
                ("ebay_payment_status", "=", "PAID"),
                ("invoice_ids", "=", False),
                *which,
            ],
            order="id",
            limit=limit,
        )

    def _invoice_one(self, run, order):
        issues = self.env["ebay.issue"]
        with run.record(order, savepoint=True) as tried:
            self._invoice(run.account, order)
        if tried.error:
            issues._raise(
                run.account,
                "invoice_failed",
                order=order.ebay_order_id,
                order_ref=order.ebay_order_ref,
                reason=reason(tried.error),
            )
        else:
            order.ebay_issue_ids.filtered(
                lambda issue: issue.code == "invoice_failed"
            )._close()
            run.line("updated", order)

    def _invoice(self, account, order):
        # sudo: the robot has no rights in accounting beyond this rule
        invoice = order.sudo()._create_invoices()
        invoice.write({"payment_reference": order.ebay_order_ref})
        invoice.action_post()
        if account.payment_journal_id:
            self.env["account.payment.register"].sudo().with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create(
                {
                    "journal_id": account.sudo().payment_journal_id.id,
                    "communication": order.ebay_order_ref,
                }
            )._create_payments()
