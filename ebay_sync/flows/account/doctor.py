"""The doctor: one small check after the other, each with a finding in plain words.

The table below is the page, top to bottom, but for what needs attention, which comes
first. What concerns this server is in ``doctor_server.py``, what concerns eBay in
``doctor_ebay.py``.
"""

import logging

from odoo import api, models

from ...compat import CONCURRENCY
from ...ebay_api.errors import (
    AuthError,
    EbayError,
    Forbidden,
    RateLimited,
    Transient,
)
from ...mapping.values.errors import MappingError
from ...vault import VaultError
from .doctor_case import Case, Finding, NotAsked

_logger = logging.getLogger(__name__)


class EbayDoctorChecks(models.AbstractModel):
    """Examines an account; changes nothing but an access token that is due."""

    _name = "ebay.doctor.checks"
    _description = "eBay doctor"

    def _checks(self):
        """Every check: its key, its name for people, its method and arguments."""
        return [
            ("keys", self.env._("Keys"), self._check_keys),
            ("encryption", self.env._("Encryption of secrets"), self._check_encryption),
            ("database", self.env._("Database"), self._check_database),
            ("token", self.env._("Connection"), self._check_token),
            *(
                (f"permission_{feature}", name, self._check_permission, feature)
                for feature, name in self._permissions().items()
            ),
            ("seller", self.env._("Seller's registration"), self._check_seller),
            ("policies", self.env._("Business policies"), self._check_policies),
            (
                "out_of_stock",
                self.env._("Out-of-stock control"),
                self._check_out_of_stock,
            ),
            ("locations", self.env._("Locations"), self._check_locations),
            (
                "rate_limits",
                self.env._("eBay's request limits"),
                self._check_rate_limits,
            ),
            ("clock", self.env._("Clock"), self._check_clock),
            ("schedule", self.env._("Scheduled actions"), self._check_schedule),
            ("decisions", self.env._("Decisions"), self._check_decisions),
            ("base_url", self.env._("Address of this Odoo"), self._check_base_url),
            ("webhook", self.env._("Webhook"), self._check_webhook),
        ]

    def _permissions(self):
        """What the seller can grant, as people call it."""
        return {
            "identity": self.env._("Permission: who the seller is"),
            "orders": self.env._("Permission: orders"),
            "listings": self.env._("Permission: listings"),
            "account": self.env._("Permission: account data"),
            "notifications": self.env._("Permission: notifications"),
            "refunds": self.env._("Permission: refunds and finances"),
            "payment_disputes": self.env._("Permission: payment disputes"),
            "cancellation_topics": self.env._("Permission: cancellations at once"),
            "return_topics": self.env._("Permission: returns at once"),
            "inquiry_topics": self.env._("Permission: inquiries at once"),
        }

    @api.model
    def _examine(self, account):
        """All findings, ``[(key, name, Finding)]``, and the seconds it took."""
        account = account.with_company(account.company_id)
        case = Case(account)
        case.ask(self._webhook_question(case))
        findings = [
            (key, name, self._guarded(check, case, *arguments))
            for key, name, check, *arguments in self._checks()
        ]
        return findings, case.seconds()

    def _guarded(self, check, case, *arguments):
        """One check; whatever it raises becomes its finding."""
        try:
            with self.env.cr.savepoint():
                return check(case, *arguments)
        except CONCURRENCY:
            raise
        except NotAsked:
            return Finding(
                "grey",
                self.env._("Not checked, because the account is not connected."),
                self.env._("Connect the account first."),
            )
        except (EbayError, MappingError, VaultError) as error:
            return self._refusal(error)
        except Exception as error:
            _logger.exception("eBay account %s: a check failed", case.account.id)
            return Finding(
                "grey",
                self.env._(
                    "The check itself failed (%(kind)s).", kind=type(error).__name__
                ),
                self.env._("The cause is in the server log."),
            )

    def _refusal(self, error):
        """A finding for what was raised instead of an answer."""
        if isinstance(error, (AuthError, Forbidden)):
            return Finding(
                "red",
                str(error),
                self.env._("Connect the account again."),
                fix="connect",
            )
        if isinstance(error, RateLimited):
            return Finding(
                "amber",
                str(error),
                self.env._("Wait. The synchronisation continues automatically."),
            )
        if isinstance(error, Transient):
            return Finding(
                "grey", str(error), self.env._("Check again in a few minutes.")
            )
        if isinstance(error, VaultError):
            return Finding(
                "red",
                str(error),
                self.env._(
                    "Put the key back, or enter the secrets again and connect again."
                ),
            )
        return Finding(
            "red", str(error), self.env._("Look at the account on eBay's own pages.")
        )
