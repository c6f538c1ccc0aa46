"""Which carrier is reported for a delivery method, and which method a service means.

What nobody has chosen yet is proposed by the method's name, and can be corrected.
"""

from odoo import api, models

from ...mapping.shipments.carriers import OTHER, guess_code, propose_method
from ...private_log import added_once


class EbayCarrierBook(models.AbstractModel):
    """Looks up carriers and services; adds the rows that are missing."""

    _name = "ebay.carrier.book"
    _description = "eBay: carriers and services"

    @api.model
    def _carrier_of(self, method, marketplace_code):
        """The row for a delivery method on a marketplace, proposed when there is none.

        An empty method has no row: ``Other`` is reported.
        """
        Carrier = self.env["ebay.carrier"]
        if not method:
            return Carrier
        rows = Carrier.search([("carrier_id", "=", method.id)])
        own = rows.filtered(lambda row: row.marketplace_id.code == marketplace_code)
        found = own[:1] or rows.filtered(lambda row: not row.marketplace_id)[:1]
        if found:
            return found
        listed = self._listed(marketplace_code)
        code = guess_code(method.name, marketplace_code, listed) or OTHER
        with added_once(self.env):
            return Carrier.create(
                {"carrier_id": method.id, "code": code, "is_proposed": True}
            )

    def _listed(self, marketplace_code):
        """The carriers that eBay names for the marketplace, ``{code: name}``."""
        places = self.env["ebay.marketplace"].with_context(active_test=False)
        return places.search([("code", "=", marketplace_code)]).carrier_codes or {}

    @api.model
    def _methods_for(self, account, services):
        """The delivery methods of ``{service code: marketplace}``, new ones proposed.

        Returns ``{service code: delivery.carrier}``. A service without a method is in
        the inbox until somebody chooses one, or a method comes that fits.
        """
        Service = self.env["ebay.shipping.service"]
        rows = Service.search(
            [("account_id", "=", account.id), ("code", "in", list(services))]
        )
        known = set(rows.mapped("code"))
        with added_once(self.env):
            rows |= Service.create(
                [
                    {"account_id": account.id, "code": code, "marketplace": marketplace}
                    for code, marketplace in services.items()
                    if code not in known
                ]
            )
        unanswered = rows.filtered(lambda row: not row.carrier_id)
        self._propose(account, unanswered)
        for row in unanswered.filtered(lambda one: not one.carrier_id):
            if row.code not in known:
                self.env["ebay.issue"]._raise(
                    account,
                    "service_unknown",
                    record=row,
                    severity="info",
                    service=row.code,
                )
        return {row.code: row.carrier_id for row in rows}

    def _propose(self, account, services):
        """Guess the methods of services, from those that there are now."""
        if not services:
            return
        methods = {
            method.id: method.name
            for method in self.env["delivery.carrier"].search(
                [("company_id", "in", (account.company_id.id, False))]
            )
        }
        for row in services:
            if method := propose_method(row.code, methods, row.marketplace):
                row.write({"carrier_id": method, "is_proposed": True})
                row._give_to_open_orders()
                self.env["ebay.issue"]._close_about(row)
