from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..engine.ebay_access_mixin import MANAGER

ENVIRONMENTS = [("sandbox", "Sandbox"), ("production", "Production")]
MODES = [("paused", "Paused"), ("mirror", "Mirror (read only)"), ("live", "Live")]
# Odoo refuses notes and mails of a user without an address; nobody reads this one.
ROBOT_EMAIL = "ebay-robot@example.com"
STATES = [
    ("draft", "Not connected"),
    ("connected", "Connected"),
    ("reconnect", "Reconnect"),
]


class EbayAccount(models.Model):
    """One eBay seller in one environment."""

    _name = "ebay.account"
    _description = "eBay account"
    _inherit = ["mail.thread", "mail.activity.mixin", "ebay.access.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _people_set = {
        MANAGER: "name sequence active environment mode marketplace_ids",
    }
    _people_set_once = {MANAGER: "company_id"}

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    lang = fields.Char(
        compute="_compute_lang",
        store=True,
        help="The language of texts that flows write for people.",
    )
    environment = fields.Selection(
        ENVIRONMENTS, required=True, default="sandbox", tracking=True
    )
    mode = fields.Selection(
        MODES,
        required=True,
        default="paused",
        tracking=True,
        help="Paused: neither orders nor listings are read. Mirror: eBay is read, "
        "never written. Live: Odoo also writes to eBay.",
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )
    marketplace_ids = fields.Many2many("ebay.marketplace", string="Marketplaces")
    schedule_ids = fields.One2many("ebay.schedule", "account_id", copy=False)
    log_ids = fields.One2many("ebay.sync.log", "account_id", copy=False)
    log_count = fields.Integer("Runs", compute="_compute_log_count")

    @api.depends("company_id.partner_id.lang")
    def _compute_lang(self):
        """The company's, else the administrator's; stored: every run asks for it."""
        admin = self.env.ref("base.user_admin", raise_if_not_found=False)
        usual = admin.sudo().lang if admin else False  # sudo: the robot sees no users
        for account in self:
            account.lang = account.company_id.partner_id.lang or usual

    def _compute_log_count(self):
        counts = dict(
            self.env["ebay.sync.log"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.log_count = counts.get(account, 0)

    # -- life ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._arm()
        accounts._ensure_schedules()
        return accounts

    def write(self, vals):
        if "environment" in vals and any(
            account.state != "draft" and account.environment != vals["environment"]
            for account in self
        ):
            raise UserError(
                self.env._(
                    "The environment of a connected account cannot be changed. "
                    "Disconnect it first, or create a second account."
                )
            )
        if "company_id" in vals:
            self._refuse_another_company(vals["company_id"])
        resting = self.browse()
        if {"active", "mode", "state"} & set(vals):
            resting = self.filtered(lambda account: not account._is_at_work())
        result = super().write(vals)
        if {"active", "name"} & set(vals):
            self.schedule_ids._sync_crons()
        if woken := resting.filtered(lambda account: account._is_at_work()):
            # an earlier run came to nothing, and some flows run once a day
            woken.schedule_ids._wake()
        if "company_id" in vals:
            self._let_robot_in()
        return result

    def _with_orders(self):
        """The accounts that have orders; reads none of the orders."""
        grouped = self.env["ebay.order"]._read_group(
            [("account_id", "in", self.ids)], ["account_id"]
        )
        return self.browse(account.id for (account,) in grouped)

    def _refuse_another_company(self, company_id):
        """What was built belongs to a company, so the account stays in it."""
        for account in self._with_orders():
            if company_id and account.company_id.id != company_id:
                raise UserError(
                    self.env._(
                        "%(account)s has orders in %(company)s and cannot be "
                        "moved. Create a second account for the other company.",
                        account=account.name,
                        company=account.company_id.name,
                    )
                )

    @api.constrains("company_id")
    def _check_links_to_companies(self):
        """Links to records of a company keep the account in it."""
        for account in self:
            foreign = account._links_to_other_companies()
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(account)s is linked to records of another company: "
                        "%(records)s. Remove these links first, or create a second "
                        "account for the other company.",
                        account=account.name,
                        records=", ".join(foreign),
                    )
                )

    def _links_to_other_companies(self):
        """The names of some other companies' records that the account's rows use."""
        names = []
        for model in self.env.registry.models:
            rows = self.env[
                model
            ].sudo()  # also what is hidden from this user's companies
            owner = rows._fields.get("account_id")
            if rows._auto and owner and owner.comodel_name == self._name:
                for field in rows._fields.values():
                    if field.type == "many2one" and self._binds(field):
                        names += self._foreign_names(rows, field.name)
        return names

    def _binds(self, field):
        """Whether a field of the account's rows names a record of one company.

        Proposals bind nobody, and the addon's own rows move with their account.
        """
        return (
            field.check_company
            and not field.readonly
            and not field.comodel_name.startswith("ebay.")
        )

    def _foreign_names(self, rows, name):
        found = rows.with_context(active_test=False).search(
            [
                ("account_id", "in", self.ids),
                (f"{name}.company_id", "!=", False),
                (f"{name}.company_id", "not in", self.company_id.ids),
            ],
            limit=3,
        )
        return found[name].mapped("display_name")

    @api.ondelete(at_uninstall=False)
    def _keep_with_orders(self):
        for account in self._with_orders():
            raise UserError(
                self.env._(
                    "%(account)s has %(count)s orders and cannot be deleted. "
                    "Archive it instead: nothing runs for an archived account.",
                    account=account.name,
                    count=account.order_count,
                )
            )

    def unlink(self):
        self.check_access("unlink")
        self._keep_with_orders()
        self._forget_secrets()
        # sudo: nobody may delete a schedule, but it goes with its account
        self.schedule_ids.sudo().unlink()
        return super().unlink()

    @api.model
    def _ensure_all_schedules(self):
        """On every installation and update: new flows get a schedule."""
        self.with_context(active_test=False).search([])._ensure_schedules()

    def _ensure_schedules(self):
        """Give every account a schedule for every flow there is."""
        flows = self.env["ebay.flow"]._flows()
        self._let_robot_in()
        for account in self:
            missing = set(flows) - set(account.schedule_ids.mapped("flow"))
            self.env["ebay.schedule"].sudo().create(
                [
                    {
                        "account_id": account.id,
                        "flow": name,
                        "sequence": flow._flow_sequence,
                        "interval_number": flow._flow_interval[0],
                        "interval_type": flow._flow_interval[1],
                    }
                    for name, flow in flows.items()
                    if name in missing
                ]
            )

    def _let_robot_in(self):
        """The user of the scheduled actions may work in the accounts' companies."""
        # sudo: only this one user is touched, and only its companies
        robot = self.env.ref("ebay_sync.user_ebay_robot").sudo()
        robot.company_ids |= self.company_id
        robot.email = robot.email or ROBOT_EMAIL  # of an installation of before

    def _note(self, text):
        """Put a note into the account's chatter.

        Unlike a message it needs no e-mail address of whoever does what it reports.
        """
        self.ensure_one()
        self._message_log(body=escape(text))

    # -- flows -----------------------------------------------------------------

    def _wake(self, flow, at=None):
        """Run a flow soon, or at ``at`` (naive UTC), in the background."""
        schedules = self.env["ebay.schedule"]
        schedules.flush_model(["account_id", "cron_id", "flow"])
        schedules._trigger(
            SQL(
                "SELECT cron_id FROM ebay_schedule WHERE account_id = ANY(%s) "
                "AND flow = %s",
                self.ids,
                flow,
            ),
            at,
        )

    def _is_at_work(self):
        """Whether the account is connected, and not paused."""
        return self.active and self.state == "connected" and self.mode != "paused"

    def _flow_may_run(self, flow):
        """Whether the account's state and mode let the flow run."""
        return (
            self.active and self.state == "connected" and self.mode in flow._flow_modes
        )

    def action_view_logs(self):
        """Open the account's runs."""
        return self._filtered_action("ebay_sync.ebay_sync_log_action")

    def _filtered_action(self, xml_id):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        action["domain"] = [("account_id", "=", self.id)]
        return action
