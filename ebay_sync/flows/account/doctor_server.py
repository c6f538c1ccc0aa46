"""The doctor's checks of this server: keys, encryption, schedules, addresses."""

import ipaddress
import json
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields, models

from ... import vault
from ...ebay_api.errors import ContractError, EbayError, Transient
from ...ebay_api.signature import challenge_document
from .doctor_case import Finding

# A run may take this long to start before it counts as late.
GRACE = timedelta(minutes=10)


class EbayDoctorChecks(models.AbstractModel):
    _inherit = "ebay.doctor.checks"

    # -- keys and secrets ------------------------------------------------------

    def _check_keys(self, case):
        missing = case.account._missing_keys()
        if missing:
            return Finding(
                "red",
                self.env._("Missing: %(fields)s.", fields=", ".join(missing)),
                self.env._(
                    "Copy them from eBay's developer portal to the tab Keys. "
                    "Only a system administrator can enter the secret."
                ),
            )
        self.env["ebay.secret"]._get(case.account, "client_secret")
        return Finding("green", self.env._("All keys are present and readable."))

    def _check_encryption(self, case):
        older = self.env["ebay.secret"]._older(case.account)
        place = {
            "environment": self.env._("an environment variable"),
            "configuration": self.env._("Odoo's configuration file"),
            "file": self.env._("the key file in Odoo's data directory"),
        }[vault.key_source()]
        if vault.is_readable_by_others():
            return Finding(
                "red",
                self.env._("Other users of the server can read the key file."),
                self.env._(
                    "Run: chmod 600 %(path)s. Then replace the key as described "
                    "in docs/security.md.",
                    path=vault.key_file(),
                ),
            )
        if older:
            return Finding(
                "amber",
                self.env._("Some secrets are encrypted with an older key."),
                self.env._(
                    "Encrypt them again, then remove the older key from %(place)s.",
                    place=place,
                ),
                fix="encrypt",
            )
        return Finding(
            "green",
            self.env._(
                "The secrets can be read; the key comes from %(place)s.", place=place
            ),
        )

    def _check_database(self, case):
        if case.account.is_armed:
            return Finding("green", self.env._("This database may write to eBay."))
        return Finding(
            "red",
            self.env._(
                "This looks like a copy of the database; nothing is written to eBay."
            ),
            self.env._(
                "If this is the real shop, and the only one, arm the account on its "
                "form."
            ),
        )

    # -- scheduled actions -----------------------------------------------------

    def _check_decisions(self, case):
        if held := case.account.held_reason:
            return Finding("amber", held, self.env._("Decide in the inbox."))
        return Finding("green", self.env._("Nothing waits for a decision."))

    def _check_schedule(self, case):
        schedules = case.account.schedule_ids.filtered("enabled")
        # sudo: a manager may know whether our actions run, without a right to all
        crons = schedules.cron_id.sudo()
        now = fields.Datetime.now()
        stopped = crons.filtered(lambda cron: not cron.active)
        late = (crons - stopped).filtered(lambda cron: cron.nextcall < now - GRACE)
        if not crons.user_id.active:
            return Finding(
                "red",
                self.env._("The user of the scheduled actions is archived."),
                self.env._("Unarchive the user eBay."),
            )
        if stopped:
            return Finding(
                "red",
                self.env._("Switched off by Odoo: %(names)s.", names=_names(stopped)),
                self.env._("Switch it off and on again in the tab Schedule."),
            )
        if late:
            return self._late(late, now)
        last = max(filter(None, crons.mapped("lastcall")), default=None)
        if not last:
            return Finding(
                "grey",
                self.env._("None has run yet, and none is due."),
                self.env._("Check again after the next run."),
            )
        return Finding(
            "green",
            self.env._("They run. The last one was on %(time)s UTC.", time=last),
        )

    def _late(self, late, now):
        others = self.env["ir.cron"].sudo()  # only whether any runs at all
        if others.search_count([("lastcall", ">", now - GRACE)], limit=1):
            return Finding(
                "amber",
                self.env._("Late: %(names)s.", names=_names(late)),
                self.env._(
                    "Odoo is busy with other scheduled actions: let more of "
                    "them run at the same time (max_cron_threads)."
                ),
            )
        return Finding(
            "red",
            self.env._("No scheduled actions run in this database."),
            self.env._(
                "Start Odoo with max_cron_threads of 1 or more, and with this database."
            ),
        )

    # -- addresses -------------------------------------------------------------

    def _check_base_url(self, case):
        base_url = case.account.get_base_url()
        fault = self._base_url_fault(base_url)
        if fault:
            # sudo: whether it is set, not what it is
            simulated = case.account.sudo().local_url
            return Finding(
                "amber" if simulated else "red",
                fault,
                self.env._(
                    "eBay needs a public address that starts with https://. Set "
                    "it in the system parameter web.base.url."
                ),
            )
        parameters = self.env["ir.config_parameter"].sudo()  # an on/off switch
        if not parameters.get_param("web.base.url.freeze"):
            return Finding(
                "amber",
                self.env._(
                    "%(url)s is public, but Odoo may change it at any sign-in.",
                    url=base_url,
                ),
                self.env._(
                    "Set the system parameter web.base.url.freeze to True, "
                    "otherwise eBay may no longer find this Odoo."
                ),
            )
        return Finding("green", self.env._("%(url)s is public.", url=base_url))

    def _base_url_fault(self, base_url):
        """What is wrong with the address, or an empty text."""
        try:
            parts = urlsplit(base_url)
            host = parts.hostname or ""
        except ValueError:
            return self.env._("The address of this Odoo is not readable.")
        if parts.scheme != "https":
            return self.env._("%(url)s is not https.", url=base_url)
        if not _is_public(host):
            return self.env._(
                "%(url)s cannot be reached from the internet.", url=base_url
            )
        return ""

    # -- webhook ---------------------------------------------------------------

    def _webhook_question(self, case):
        """Our own webhook with a challenge, or nothing while it has no token."""
        if not case.account.has_verification_token:
            return None
        case.challenge_code = secrets.token_hex(16)
        return f"{case.account.webhook_url}?challenge_code={case.challenge_code}"

    def _check_webhook(self, case):
        account = case.account
        if not account.has_verification_token:
            return Finding(
                "amber",
                self.env._("There is no verification token, so eBay cannot call."),
                self.env._(
                    "Create one, and enter it with the webhook address on "
                    "eBay's developer portal under Alerts & Notifications."
                ),
                fix="verification_token",
            )
        token = self.env["ebay.secret"]._get(account, "verification_token")
        expected = challenge_document(case.challenge_code, token, account.webhook_url)
        try:
            answer = case.answer("webhook")
        except EbayError as error:
            return self._webhook_unreachable(error)
        if not _is_document(answer.body, expected):
            return self._webhook_wrong(self.env._("something else answers there"))
        return Finding("green", self.env._("It answers at its address."))

    def _webhook_unreachable(self, error):
        if isinstance(error, Transient) and not error.status:
            return Finding(
                "amber",
                self.env._("This server cannot reach its own webhook address."),
                self.env._(
                    "Open the address from outside. Some firewalls only block "
                    "the way from inside, and eBay may still get through."
                ),
            )
        if isinstance(error, ContractError) and error.status:
            return self._webhook_wrong(self.env._("it redirects to another address"))
        return self._webhook_wrong(
            self.env._("HTTP status %(status)s", status=error.status or "?")
        )

    def _webhook_wrong(self, reason):
        return Finding(
            "red",
            self.env._(
                "The webhook address does not answer as it should: %(reason)s.",
                reason=reason,
            ),
            self.env._(
                "Have the proxy pass /api/ebay/ on unchanged. If there are "
                "several databases, select this one by its host name (dbfilter)."
            ),
        )


def _names(crons):
    return ", ".join(crons.mapped("name"))


def _is_document(body, expected):
    """Whether a body is exactly this JSON document."""
    try:
        return json.loads(body) == expected
    except (ValueError, RecursionError):
        return False


def _is_public(host):
    """Whether a host may be one of the internet, as far as its name tells."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        private = (".local", ".lan", ".internal", ".home", ".localdomain", ".localhost")
        return "." in host.strip(".") and not host.rstrip(".").endswith(private)
