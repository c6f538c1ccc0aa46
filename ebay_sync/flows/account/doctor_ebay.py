"""The doctor's checks of what eBay says: token, permissions, seller, quotas, clock."""

from datetime import timedelta

from odoo import fields, models

from ...ebay_api.errors import Rejected
from ...mapping.reference.privileges import map_privileges
from ...mapping.reference.programs import (
    BUSINESS_POLICIES,
    OUT_OF_STOCK_CONTROL,
    map_out_of_stock_control,
    map_programs,
)
from ...mapping.reference.rate_limits import map_rate_limits
from ...mapping.reference.seller import map_seller
from ...mapping.values.clock import clock_skew
from .doctor_case import PROVEN_BY_TOKEN, Finding, NotAsked
from .tokens import WARNING_DAYS

CONSENT_WARNING = timedelta(days=WARNING_DAYS[0])
MOST_SKEW = timedelta(seconds=60)
# Error ids of the Account API for a seller without business policies.
NOT_IN_THE_PROGRAM = ("20403", "20404")
FEW_PERCENT = 10


class EbayDoctorChecks(models.AbstractModel):
    _inherit = "ebay.doctor.checks"

    # -- connection and permissions --------------------------------------------

    def _check_token(self, case):
        account = case.account
        if account.state == "draft":
            return Finding(
                "amber",
                self.env._("The account is not connected."),
                self.env._("Press Connect and sign in as the seller."),
                fix="connect",
            )
        if account.state == "reconnect":
            return Finding(
                "red",
                account.connection_message
                or self.env._("eBay no longer accepts this connection."),
                self.env._("Connect the account again."),
                fix="connect",
            )
        case.answer("token")
        ends_at = account.refresh_expires_at
        if ends_at and ends_at < fields.Datetime.now() + CONSENT_WARNING:
            return Finding(
                "amber",
                self.env._("The consent ends on %(date)s.", date=ends_at.date()),
                self.env._("Renew it before that day."),
                fix="connect",
            )
        return Finding("green", self.env._("eBay accepts the token."))

    def _check_permission(self, case, feature):
        account = case.account
        if feature not in account._features():
            return Finding(
                "grey", self.env._("Not needed, because it is switched off.")
            )
        if account.state != "connected":
            raise NotAsked
        if not account._has_granted(feature):
            return Finding(
                "amber",
                self.env._("The seller has not granted it yet."),
                self.env._("Renew the consent."),
                fix="connect",
            )
        if feature == "identity":
            return self._check_identity(case)
        case.answer(feature)
        if feature in PROVEN_BY_TOKEN:
            return Finding("green", self.env._("eBay issues a token for it."))
        return Finding("green", self.env._("eBay answers."))

    def _check_identity(self, case):
        seller = map_seller(case.answer("identity"))
        if seller.user_ref != case.account.user_ref:
            return Finding(
                "red",
                self.env._(
                    "The token belongs to another seller: %(seller)s.",
                    seller=seller.username or seller.user_ref,
                ),
                self.env._("Disconnect, and connect as the right seller."),
            )
        return Finding(
            "green",
            self.env._(
                "The seller is %(seller)s.", seller=seller.username or seller.user_ref
            ),
        )

    # -- the seller ------------------------------------------------------------

    def _check_seller(self, case):
        privileges = map_privileges(case.answer("account"))
        if not privileges.registered:
            return Finding(
                "red",
                self.env._("eBay says that the seller's registration is incomplete."),
                self.env._("Complete it on eBay, for every marketplace you sell on."),
            )
        if privileges.quantity is None and privileges.amount is None:
            return Finding(
                "green", self.env._("Complete, and without a monthly selling limit.")
            )
        if 0 in (privileges.quantity, privileges.amount and privileges.amount.value):
            return Finding(
                "red",
                self.env._("The monthly selling limit is zero."),
                self.env._("Ask eBay for a higher limit."),
            )
        return Finding(
            "green",
            self.env._(
                "Complete. eBay allows the seller %(limits)s a month.",
                limits=" / ".join(self._limits(privileges)),
            ),
        )

    def _limits(self, privileges):
        if privileges.quantity is not None:
            yield self.env._("%(count)s items", count=privileges.quantity)
        if privileges.amount:
            yield f"{privileges.amount.value} {privileges.amount.currency}"

    def _check_policies(self, case):
        if BUSINESS_POLICIES in self._programs(case):
            return Finding("green", self.env._("The seller uses business policies."))
        return Finding(
            "red",
            self.env._("The seller has not opted in to business policies."),
            self.env._(
                "Opt in on eBay (Account settings, Business policies). It takes up to "
                "a day."
            ),
        )

    def _programs(self, case):
        try:
            return map_programs(case.answer("programs"))
        except Rejected as error:
            if error.not_found or error.has(*NOT_IN_THE_PROGRAM):
                return frozenset()
            raise

    def _check_out_of_stock(self, case):
        if not (
            map_out_of_stock_control(case.answer("preferences"))
            or OUT_OF_STOCK_CONTROL in self._programs(case)
        ):
            return Finding(
                "red",
                self.env._("eBay ends a listing as soon as its stock is zero."),
                self.env._(
                    "Switch on the out-of-stock option on eBay (Account settings, "
                    "Site preferences)."
                ),
            )
        return Finding(
            "green", self.env._("A listing stays online while there is no stock.")
        )

    def _check_locations(self, case):
        locations = self.env["ebay.location"].search(
            [("account_id", "=", case.account.id)]
        )
        if not locations:
            return Finding(
                "amber",
                self.env._("No merchant location of the seller is known here."),
                self.env._(
                    "Refresh the reference data. If eBay has none, create one on eBay."
                ),
            )
        unmapped = locations.filtered(lambda location: not location.warehouse_id)
        if unmapped:
            return Finding(
                "amber",
                self.env._(
                    "Without a warehouse: %(names)s.",
                    names=", ".join(unmapped[:5].mapped("name")),
                ),
                self.env._("Choose the warehouse of each location under Locations."),
            )
        return Finding("green", self.env._("Every location has its warehouse."))

    # -- eBay's limits and clock -----------------------------------------------

    def _check_rate_limits(self, case):
        quotas = map_rate_limits(case.answer("rate_limits"))
        if not quotas:
            return Finding(
                "grey",
                self.env._("eBay reports no limits, which is normal in the sandbox."),
            )
        least = min(quotas, key=lambda quota: quota.percent_left)
        facts = {
            "name": least.resource or least.api,
            "left": least.remaining,
            "limit": least.limit,
        }
        if least.percent_left >= FEW_PERCENT:
            return Finding(
                "green",
                self.env._(
                    "There is enough left. The lowest is %(name)s: %(left)s of "
                    "%(limit)s.",
                    **facts,
                ),
            )
        return Finding(
            "red" if not least.remaining else "amber",
            self.env._("%(name)s: %(left)s of %(limit)s are left.", **facts),
            self.env._(
                "The count starts again on %(time)s UTC. If this happens often, "
                "apply for eBay's Application Growth Check.",
                time=least.reset and fields.Datetime.to_string(least.reset) or "?",
            ),
        )

    def _check_clock(self, case):
        identity = case.answer("identity")
        skew = clock_skew(identity.date, case.answered_at["identity"])
        if skew is None:
            return Finding(
                "grey",
                self.env._("eBay's answer did not include the time."),
                self.env._("Check again in a few minutes."),
            )
        if abs(skew) <= MOST_SKEW:
            return Finding("green", self.env._("It agrees with eBay's."))
        seconds = round(abs(skew).total_seconds())
        found = (
            self.env._("This server is %(seconds)s seconds ahead.", seconds=seconds)
            if skew > timedelta(0)
            else self.env._(
                "This server is %(seconds)s seconds behind.", seconds=seconds
            )
        )
        return Finding(
            "red", found, self.env._("Let the server synchronise its clock by NTP.")
        )
