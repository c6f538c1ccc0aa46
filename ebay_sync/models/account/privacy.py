"""How long an account keeps what."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER

LEAST = {"payload_days": 30, "notification_days": 7, "log_days": 7}
MOST = 36500  # a hundred years


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {
        MANAGER: "payload_days buyer_days notification_days log_days",
    }

    payload_days = fields.Integer(
        "Strip finished orders after (days)",
        default=180,
        help="This long after the last change of a shipped or cancelled order, the "
        "buyer's data is removed from the copy of eBay's document. 0: never.",
    )
    buyer_days = fields.Integer(
        "Erase buyers after (days)",
        default=0,
        help="This long after a buyer's last order, the contact is erased as if the "
        "eBay account had been closed. 0: never.",
    )
    buyers_read_until_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="For orders up to this time, eBay has been asked for the buyer's "
        "permanent identifier.",
    )
    notification_days = fields.Integer("Keep notifications (days)", default=30)
    log_days = fields.Integer("Keep logs (days)", default=90)
    books_years = fields.Integer(
        "Keep posted documents (years)", compute="_compute_books_years"
    )

    @api.depends("company_id.account_fiscal_country_id.ebay_books_years")
    def _compute_books_years(self):
        for account in self:
            country = account.company_id.account_fiscal_country_id
            account.books_years = country._books_years()

    @api.constrains("payload_days", "buyer_days", "notification_days", "log_days")
    def _check_days(self):
        for account in self:
            days = (account.buyer_days, *(account[name] for name in LEAST))
            if not all(0 <= number <= MOST for number in days):
                raise ValidationError(
                    self.env._("Enter 0 to %(most)s days.", most=MOST)
                )
            for name, least in LEAST.items():
                if 0 < account[name] < least:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: at least %(least)s, because eBay still "
                            "changes and resends newer orders.",
                            field=self._fields[name].get_description(
                                self.env, ["string"]
                            )["string"],
                            least=least,
                        )
                    )
            if 0 < account.buyer_days < account.payload_days:
                raise ValidationError(
                    self.env._(
                        "Buyers cannot be erased earlier than finished orders are "
                        "stripped."
                    )
                )
