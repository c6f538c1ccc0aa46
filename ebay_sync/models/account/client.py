"""The one seam where an account becomes a client of eBay, and its last barrier."""

import os
import secrets
from datetime import timezone
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...ebay_api.breaker import Breaker
from ...ebay_api.budget import Budget
from ...ebay_api.client import EbayClient
from ...ebay_api.errors import AuthError, InvalidArgument
from ...ebay_api.hosts import Hosts, is_loopback
from ...ebay_api.oauth import Keyset, OAuth
from ...ebay_api.transport import Transport
from ...vault import VaultError
from ..engine.ebay_access_mixin import MANAGER, SYSTEM
from .tokens import AccountTokens

# Per database and account, for as long as the process lives: what was sent lately, and
# which of eBay's APIs is failing.
_gates: dict[tuple[str, int], tuple[Budget, Breaker]] = {}
_PROCESS = secrets.token_hex(4)


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {MANAGER: "pull_limit push_limit", SYSTEM: "local_url"}

    pull_limit = fields.Integer(
        "Reading requests",
        default=30,
        help="The most reading requests to one of eBay's APIs in ten minutes.",
    )
    push_limit = fields.Integer(
        "Writing requests",
        default=60,
        help="The most writing requests to one of eBay's APIs in ten minutes.",
    )
    local_url = fields.Char(
        "Local eBay",
        copy=False,
        groups="base.group_system",
        help="Address of a simulator on this machine, for tests and demonstrations. "
        "Empty for the real eBay.",
    )
    armed_for = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The database for which the account may write to eBay.",
    )
    is_armed = fields.Boolean(
        "Armed for this database",
        compute="_compute_is_armed",
        compute_sudo=True,  # everybody may see whether, nobody needs to see for what
        help="Off in a copy of the database, because a copy never writes to eBay.",
    )

    # -- which database --------------------------------------------------------

    @api.model
    def _database_identity(self):
        """What tells this database from its copies.

        The uuid changes when Odoo duplicates a database, PostgreSQL's own identity
        when a dump is restored elsewhere, the base URL when a file copy is started on
        another address.
        """
        parameters = self.env["ir.config_parameter"].sudo()  # two harmless values
        [(oid, system)] = self.env.execute_query(
            SQL(
                "SELECT d.oid, c.system_identifier FROM pg_database d, "
                "pg_control_system() c WHERE d.datname = current_database()"
            )
        )
        return "|".join(
            (
                parameters.get_param("database.uuid", ""),
                f"{system}.{oid}",
                parameters.get_param("web.base.url", "").rstrip("/"),
            )
        )

    @api.depends("armed_for")
    def _compute_is_armed(self):
        identity = self._database_identity()
        for account in self:
            account.is_armed = account.armed_for == identity

    def _arm(self):
        """Bind the accounts to this database."""
        self.sudo().write({"armed_for": self._database_identity()})

    def action_rearm(self):
        """Button for managers: this is the real database."""
        self.check_access("write")
        self._arm()
        for account in self:
            account._note(self.env._("The account was armed for this database."))

    # -- clients ---------------------------------------------------------------

    def _hosts(self):
        """Where eBay is for this account."""
        local_url = self.sudo().local_url  # an address, and no secret
        if local_url:
            return Hosts.all_at(local_url)
        return (
            Hosts.production() if self.environment == "production" else Hosts.sandbox()
        )

    @api.constrains("local_url")
    def _check_local_url(self):
        for account in self.filtered("local_url"):
            try:
                hosts = Hosts.all_at(account.local_url)
            except InvalidArgument as error:
                raise ValidationError(str(error)) from error
            if not is_loopback(urlsplit(hosts.api).hostname):
                raise ValidationError(
                    self.env._(
                        "A local eBay must run on this machine: its address "
                        "starts with http://127.0.0.1 or http://localhost."
                    )
                )

    @api.constrains("pull_limit", "push_limit")
    def _check_limits(self):
        for account in self:
            if not all(
                1 <= limit <= 100_000
                for limit in (account.pull_limit, account.push_limit)
            ):
                raise ValidationError(
                    self.env._("Enter 1 to 100000 requests in ten minutes.")
                )

    def _gate(self):
        """The account's request budget and circuit breaker in this process."""
        key = (self.env.cr.dbname, self.id)
        budget, breaker = _gates.setdefault(key, (Budget(), Breaker()))
        budget.limits = {"pull": self.pull_limit, "push": self.push_limit}
        return budget, breaker

    def _worker_ref(self):
        """What distinguishes this process from all others that work for the account."""
        return f"{_PROCESS}-{os.getpid()}"  # workers are forks of one process

    def _hear_of_others(self, logs):
        """Tell the budget which requests other processes sent for the account.

        Known from the logs of their runs, so a run that is under way counts as far as
        it has been saved.
        """
        mine, now = self._worker_ref(), fields.Datetime.now()
        sent = []
        for log in logs.filtered(lambda one: one.worker_ref != mine):
            last = (log.ended_at or now).replace(tzinfo=timezone.utc)
            for name, count in (log.budget_used or {}).items():
                api_name, kind = name.split(" ")
                sent.append((api_name, kind, count, last))
        self._gate()[0].hear_of_others(sent)

    def _transport(self, listener=None):
        budget, breaker = self._gate()
        return Transport(listener=listener, budget=budget, breaker=breaker)

    def _oauth(self, listener=None, transport=None):
        """The account's OAuth client. Raises AuthError without a readable secret."""
        try:
            secret = self.env["ebay.secret"]._get(self, "client_secret")
        except VaultError as error:
            raise AuthError(str(error), refreshable=False) from error
        keyset = Keyset(self.app_ref or "", secret or "", self.ru_name or "")
        return OAuth(self._hosts(), keyset, transport or self._transport(listener))

    def _may_write(self):
        """Whether this account may change anything on eBay from this database."""
        return self.mode == "live" and self.state == "connected" and self.is_armed

    def _client(self, listener=None, tokens=None, transport=None):
        """The account's eBay client; tests put their fake here.

        ``listener`` hears of every request. ``tokens`` is another TokenSource than the
        account's own (a consent that is not stored yet), ``transport`` another one than
        the account's (with other time-outs). A client of an account that may not write
        refuses every writing call before it is sent. It has no ``signer``: no flow
        makes a call that eBay wants signed (refunds, Finances).
        """
        self.ensure_one()
        return EbayClient(
            self._hosts(),
            tokens or AccountTokens(self, transport),
            transport or self._transport(listener),
            read_only=not self._may_write(),
        )
