"""The keys from eBay's developer portal: entered here, checked at the field."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.ebay_access_mixin import MANAGER, SYSTEM

# eBay marks keys with their environment: "Name-App-SBX-0123...", "SBX-0123...".
FOREIGN_MARK = {"sandbox": "PRD-", "production": "SBX-"}
KEY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{3,127}")


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {MANAGER: "app_ref ru_name", SYSTEM: "client_secret"}

    app_ref = fields.Char(
        "App ID (client ID)", copy=False, tracking=True, help="From eBay's portal."
    )
    ru_name = fields.Char(
        "RuName",
        copy=False,
        tracking=True,
        help="eBay's name for the address that it sends sellers back to. It is not the "
        "address itself.",
    )
    client_secret = fields.Char(
        "Cert ID (client secret)",
        compute="_compute_client_secret",
        inverse="_inverse_client_secret",
        groups="base.group_system",
        help="Stored encrypted. It can be replaced but is never shown again.",
    )
    has_client_secret = fields.Boolean(
        "Client secret stored", compute="_compute_has_client_secret"
    )
    # What is wrong with each key, shown below its field while it is being entered.
    app_ref_problem = fields.Char(compute="_compute_key_problems")
    ru_name_problem = fields.Char(compute="_compute_key_problems")
    client_secret_problem = fields.Char(
        compute="_compute_client_secret_problem", groups="base.group_system"
    )

    def _compute_client_secret(self):
        self.client_secret = False  # never read back

    @api.depends("environment")
    def _compute_has_client_secret(self):
        secrets = self.env["ebay.secret"]
        for account in self:
            account.has_client_secret = bool(account._origin) and secrets._has(
                account._origin, "client_secret"
            )

    def _inverse_client_secret(self):
        for account in self.filtered("client_secret"):
            value = account.client_secret.strip()
            account._check_key("client_secret", value)
            self.env["ebay.secret"]._set(account, "client_secret", value)
            account._note(self.env._("The client secret was replaced."))

    # -- checks ----------------------------------------------------------------

    @api.constrains("app_ref", "ru_name", "environment")
    def _check_keys(self):
        for account in self:
            for field in ("app_ref", "ru_name"):
                account._check_key(field, account[field])

    def _check_key(self, field, value):
        """Refuse a key that cannot be right, before eBay is asked."""
        problem = value and self._key_problem(field, value)
        if problem:
            raise ValidationError(problem)

    def _key_problem(self, field, value):
        """Why this text cannot be one of eBay's keys; None if it can."""
        label = self._label(field)
        if "/" in value:
            return self.env._(
                "%(field)s is a name that eBay's developer portal shows, "
                "not an address.",
                field=label,
            )
        if not KEY_FORM.fullmatch(value):
            return self.env._(
                "%(field)s does not look like one of eBay's keys. Copy it again "
                "from eBay's developer portal.",
                field=label,
            )
        if FOREIGN_MARK[self.environment] in value:
            return self.env._(
                "%(field)s belongs to eBay's other environment. Enter the key "
                "of the environment selected here.",
                field=label,
            )
        return None

    @api.depends("app_ref", "ru_name", "environment")
    def _compute_key_problems(self):
        for account in self:
            account.app_ref_problem = account._problem_at("app_ref")
            account.ru_name_problem = account._problem_at("ru_name")

    @api.depends("client_secret", "has_client_secret", "environment")
    def _compute_client_secret_problem(self):
        for account in self:
            account.client_secret_problem = account._problem_at("client_secret")

    def _problem_at(self, field):
        """The message below a key's field; nothing on an empty new form."""
        value = (self[field] or "").strip()
        if value:
            return self.environment and self._key_problem(field, value)
        there = field == "client_secret" and self.has_client_secret
        if there or not self._origin:
            return False
        return self.env._("Required before the account can be connected.")

    def _label(self, field):
        return self._fields[field].get_description(self.env, ["string"])["string"]

    def _missing_keys(self):
        """The labels of the keys that have not been filled in."""
        return [
            self._label(field)
            for field, there in (
                ("app_ref", self.app_ref),
                ("client_secret", self.has_client_secret),
                ("ru_name", self.ru_name),
            )
            if not there
        ]
