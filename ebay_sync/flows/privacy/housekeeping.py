"""What is kept no longer than needed: buyers' data, documents, notifications, logs."""

from datetime import timedelta

from odoo import api, fields, models

from .person import strip_orders

AT_ONCE = 200


class EbayFlowHousekeeping(models.AbstractModel):
    """The account's rules of retention, once a day."""

    _name = "ebay.flow.housekeeping"
    _description = "eBay flow: housekeeping"
    _inherit = "ebay.flow"

    _flow_name = "housekeeping"
    _flow_sequence = 910
    _flow_interval = (1, "days")
    _flow_always = True  # what has to go goes, whatever state the account is in

    @api.model
    def _flow_label(self):
        return self.env._("Housekeeping")

    @api.model
    def _work(self, run):
        """Everything that has expired; batch by batch, each committed."""
        self._finish_erasures(run)
        self._strip_finished_orders(run)
        self._forget_buyers(run)
        self._drop_notifications(run)
        self._drop_issues(run)
        self._drop_logs(run)

    # -- personal data -------------------------------------------------------------

    def _finish_erasures(self, run):
        work = self.env["ebay.erasure.work"]
        due = {
            ledger: (partners, orders)
            for ledger, partners, orders in work._resume(run.account)
        }
        for ledger, (partners, orders) in due.items():
            work_on = self._continuing(run, partners, orders)
            run._one(ledger, work_on)
            if not run.save(1):
                run.more = True
                return

    def _continuing(self, run, partners, orders):
        def work(ledger):
            before = ledger.state
            self.env["ebay.erasure.work"]._continue(
                run.account, ledger, partners, orders
            )
            return "unchanged" if ledger.state == before else "updated"

        return work

    def _finished(self, run, days):
        """Orders to which nothing has happened for that many days."""
        return [
            ("account_id", "=", run.account.id),
            ("is_open", "=", False),
            ("state", "in", ("imported", "ignored")),
            ("ebay_modified_at", "<", fields.Datetime.now() - timedelta(days=days)),
        ]

    def _strip_finished_orders(self, run):
        days = run.account.payload_days
        if not days:
            return
        domain = [*self._finished(run, days), ("erased_at", "=", False)]
        while orders := self.env["ebay.order"].search(domain, limit=AT_ONCE):
            strip_orders(orders)
            run.counts["updated"] += len(orders)
            if not run.save(len(orders)):
                run.more = True
                return

    def _forget_buyers(self, run):
        """Buyers whose last order is older than the account's rule."""
        days = run.account.buyer_days
        if not days:
            return
        work = self.env["ebay.erasure.work"]
        for partner in self._old_buyers(run, days):

            def forget(record):
                work._erase(run.account, record, self.env["ebay.order"], "retention")
                return "updated"

            run._one(partner, forget)
            if not run.save(1):
                run.more = True
                return

    def _old_buyers(self, run, days):
        limit = fields.Datetime.now() - timedelta(days=days)
        # sudo: an order in another company counts as well
        groups = (
            self.env["sale.order"]
            .sudo()
            ._read_group(
                [
                    ("partner_id.ebay_username", "!=", False),
                    ("partner_id.ebay_erase_at", "=", False),
                    (
                        "partner_id.sale_order_ids.ebay_account_id",
                        "=",
                        run.account.id,
                    ),
                ],
                ["partner_id"],
                having=[("date_order:max", "<", limit)],
                limit=AT_ONCE,
            )
        )
        partners = (
            self.env["res.partner"].sudo().browse(group[0].id for group in groups)
        )
        return partners.filtered(lambda one: all(one.user_ids.mapped("share")))

    # -- documents that have served ----------------------------------------------------

    def _drop_notifications(self, run):
        days = run.account.notification_days
        if days:
            self._drop(
                run,
                "ebay.notification",
                [
                    ("state", "!=", "new"),
                    ("received_at", "<", fields.Datetime.now() - timedelta(days=days)),
                ],
            )

    def _drop_issues(self, run):
        days = run.account.log_days
        if days:
            self._drop(
                run,
                "ebay.issue",
                [
                    ("state", "!=", "open"),
                    ("closed_at", "<", fields.Datetime.now() - timedelta(days=days)),
                ],
            )

    def _drop_logs(self, run):
        days = run.account.log_days
        if days:
            limit = fields.Datetime.now() - timedelta(days=days)
            self._drop(run, "ebay.sync.log", [("started_at", "<", limit)])

    def _drop(self, run, model, domain):
        domain = [("account_id", "=", run.account.id), *domain]
        # sudo: nobody deletes these by hand, so nobody has the right to
        while old := self.env[model].sudo().search(domain, limit=AT_ONCE):
            old.unlink()
            if not run.save(len(old)):
                run.more = True
                return
