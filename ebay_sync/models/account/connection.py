"""The account's side of its connection: consent, and what shows when it ends."""

import logging

from markupsafe import Markup, escape

from odoo import fields, models
from odoo.exceptions import UserError

from ...compat import CONCURRENCY, group_members, sql_constraints

_logger = logging.getLogger(__name__)


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    locals().update(
        sql_constraints(
            environment_user_ref_uniq=(
                "UNIQUE(environment, user_ref)",
                (
                    "An eBay seller can have only one account, otherwise orders "
                    "would be imported twice."
                ),
            )
        )
    )

    user_ref = fields.Char(
        "eBay user id", readonly=True, copy=False, tracking=True, help="Never changes."
    )
    username = fields.Char("eBay user name", readonly=True, copy=False, tracking=True)
    registration_marketplace = fields.Char("Registered on", readonly=True, copy=False)
    granted_scopes = fields.Char(readonly=True, copy=False)
    connected_at = fields.Datetime("First connected", readonly=True, copy=False)
    refresh_expires_at = fields.Datetime(
        "Consent ends",
        readonly=True,
        copy=False,
        help="eBay's consent lasts 18 months.",
    )
    connection_message = fields.Char(readonly=True, copy=False)
    consent_warned_days = fields.Integer(
        readonly=True, copy=False, help="The last warning was for this many days."
    )

    def _forget_secrets(self):
        """Remove secrets and tokens; what eBay still holds is not touched."""
        for account in self:
            self.env["ebay.secret"]._forget(account)
        # sudo: nobody has rights on tokens but the system
        self.env["ebay.token"].sudo().search([("account_id", "in", self.ids)]).unlink()

    def _granted_scopes(self):
        """What the seller granted; a refresh never asks for more."""
        return (self.granted_scopes or "").split() or None

    # -- buttons ---------------------------------------------------------------

    def action_connect(self):
        """Button: send the browser to eBay's consent page."""
        self.ensure_one()
        self.check_access("write")
        self._check_ready_to_connect()
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.env["ebay.connection"]._consent_url(self),
        }

    def action_disconnect(self):
        """Button: give the consent back."""
        self.ensure_one()
        self.check_access("write")
        self.env["ebay.connection"]._disconnect(self)

    def action_try_again(self):
        """Button: ask eBay once more before anybody has to connect again."""
        self.ensure_one()
        self.check_access("write")
        self.env["ebay.connection"]._try_again(self)

    def _check_ready_to_connect(self):
        if not self.active:
            raise UserError(self.env._("Unarchive the account first."))
        missing = self._missing_keys()
        if missing:
            raise UserError(
                self.env._(
                    "Before the account can be connected, fill in: %(fields)s. "
                    "You find them on eBay's developer portal under Application "
                    "Keys.",
                    fields=", ".join(missing),
                )
            )

    # -- when it ends ----------------------------------------------------------

    def _connection_lost(self, error):
        """eBay refuses the account's token for good: stop, and tell the managers."""
        self.ensure_one()
        if self.state != "connected":
            return
        _logger.warning("eBay account %s has to be connected again", self.id)
        reason = str(error)[:250]
        # sudo: whoever pressed what made eBay refuse, it is the flows' to say
        self.sudo().write({"state": "reconnect", "connection_message": reason})
        self._tell_managers(
            self.env._("eBay: connect %(account)s again", account=self.name),
            self.env._(
                "eBay no longer accepts the connection of %(account)s. Nothing "
                "is synchronised until somebody presses Reconnect on the "
                "account. Reason: %(reason)s",
                account=self.name,
                reason=reason,
            ),
        )

    def _tell_managers(self, summary, text):
        """An activity for every manager of the account's company, and one e-mail."""
        managers = self._managers()
        # one e-mail for all is sent below, so the activities send none
        quiet = self.with_context(mail_activity_quick_update=True)
        for manager in managers:
            quiet.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=summary,
                note=Markup("<p>%s</p>") % escape(text),
                user_id=manager.id,
            )
        try:
            with self.env.cr.savepoint():
                self._mail_managers(managers, summary, text)
        except CONCURRENCY:
            raise
        except Exception:  # the activities are kept; a mail server must not undo them
            _logger.exception("eBay account %s: the managers got no mail", self.id)

    def _mail_managers(self, managers, summary, text):
        sender = self.env.ref("base.partner_root")
        self.message_notify(
            partner_ids=managers.partner_id.ids,
            author_id=sender.id,
            email_from=self.company_id.email_formatted or sender.email_formatted,
            subject=summary,
            body=text,
        )

    def _managers(self):
        """The active users who may configure this account."""
        # sudo: who is in a group is for administrators to read
        group = self.env.ref("ebay_sync.group_ebay_manager").sudo()
        return group_members(group).filtered(
            lambda user: (
                user.active and not user.share and self.company_id in user.company_ids
            )
        )

    def action_doctor(self):
        """Button: examine the account."""
        self.ensure_one()
        return self.env["ebay.doctor"]._examine(self)
