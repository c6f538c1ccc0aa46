"""The doctor's page: one examination of an account, and its findings."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...vault import VaultError

STATES = [
    ("red", "Broken"),
    ("amber", "Needs attention"),
    ("grey", "Not checked"),
    ("green", "Good"),
]
FIRST = {"red": 0, "amber": 1}
FIXES = [
    ("connect", "Renew the consent"),
    ("encrypt", "Encrypt again with the newest key"),
    ("verification_token", "New verification token"),
]


class EbayDoctor(models.TransientModel):
    """One examination; read by the one who asked for it."""

    _name = "ebay.doctor"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay doctor: examination"
    _people_set = {}

    account_id = fields.Many2one("ebay.account", required=True, ondelete="cascade")
    examined_at = fields.Datetime("Checked", default=fields.Datetime.now)
    seconds = fields.Float("Took seconds", digits=(16, 1))
    line_ids = fields.One2many("ebay.doctor.line", "doctor_id")
    state = fields.Selection(STATES, "Verdict", compute="_compute_state")
    red_count = fields.Integer("Broken", compute="_compute_state")
    amber_count = fields.Integer("Needs attention", compute="_compute_state")

    def _compute_display_name(self):
        self.display_name = self.env._("Doctor")  # beside the account in the path

    @api.depends("line_ids.state", "line_ids.advice")
    def _compute_state(self):
        for doctor in self:
            # what is switched off needs no advice, and is no reason to worry
            counted = doctor.line_ids.filtered(
                lambda line: line.state != "grey" or line.advice
            )
            states = counted.mapped("state")
            doctor.state = next(
                (state for state, _name in STATES if state in states), "grey"
            )
            doctor.red_count = states.count("red")
            doctor.amber_count = states.count("amber")

    @api.model
    def _examine(self, account):
        """Examine an account; returns the page."""
        account.ensure_one()
        account.check_access("write")
        self.check_access("read")  # the scheduled actions may write accounts as well
        findings, seconds = self.env["ebay.doctor.checks"]._examine(account)
        # what needs attention comes first, else in the order of the checks
        findings.sort(key=lambda line: FIRST.get(line[2].state, len(FIRST)))
        # sudo: findings are nobody's to write by hand; the page stays the user's own
        doctor = self.sudo().create(
            {
                "account_id": account.id,
                "seconds": seconds,
                "line_ids": [
                    fields.Command.create(
                        {
                            "sequence": sequence,
                            "check": key,
                            "name": name,
                            "state": finding.state,
                            "found": finding.found,
                            "advice": finding.advice,
                            "fix": finding.fix or False,
                        }
                    )
                    for sequence, (key, name, finding) in enumerate(findings)
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Doctor"),
            "res_model": self._name,
            "res_id": doctor.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_examine_again(self):
        """Button: the same account once more."""
        self.check_access("read")
        return self._examine(self.account_id)


class EbayDoctorLine(models.TransientModel):
    """One finding."""

    _name = "ebay.doctor.line"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay doctor: finding"
    _order = "sequence, id"
    _account_path = "doctor_id.account_id"
    _people_set = {}

    doctor_id = fields.Many2one("ebay.doctor", required=True, ondelete="cascade")
    sequence = fields.Integer()
    check = fields.Char("Technical name", required=True)
    name = fields.Char("Check", required=True)
    state = fields.Selection(STATES, required=True)
    found = fields.Text("What was found", required=True)
    advice = fields.Text("What to do")
    fix = fields.Selection(FIXES)

    def action_connect(self):
        """Button: to eBay's consent page."""
        self.check_access("read")
        return self.doctor_id.account_id.action_connect()

    def action_new_verification_token(self):
        """Button: a new verification token, shown once."""
        self.check_access("read")
        return self.doctor_id.account_id.action_new_verification_token()

    def action_encrypt_again(self):
        """Button for system administrators: every secret gets the newest key."""
        self.check_access("read")
        # secrets are for those who may write system parameters
        self.env["ir.config_parameter"].check_access("write")
        try:
            self.env["ebay.secret"]._rotate()
        except VaultError as error:
            raise UserError(str(error)) from error
        return self.doctor_id.action_examine_again()
