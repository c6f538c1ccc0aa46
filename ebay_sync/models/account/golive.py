"""From mirror to live, step by step: preview, opening stock, pilot, everything."""

from ast import literal_eval
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.ebay_access_mixin import MANAGER

STAGES = [
    ("mirror", "Mirror"),
    ("pilot", "Live for the pilot"),
    ("live", "Live for all"),
]
PREVIEW_VALID = timedelta(days=1)


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {MANAGER: "pilot_domain golive_prices"}

    golive_stage = fields.Selection(
        STAGES, "Stage", required=True, default="mirror", readonly=True, copy=False
    )
    pilot_domain = fields.Char(
        "Pilot",
        default="[]",
        help="The listings that Odoo starts with. Empty: none have been chosen yet.",
    )
    golive_prices = fields.Boolean(
        "Prices too",
        help="Odoo manages the prices as well, according to the account's price rules.",
    )
    takeover_ids = fields.One2many("ebay.takeover", "account_id")

    @api.constrains("pilot_domain")
    def _check_pilot_domain(self):
        for account in self:
            try:
                self.env["ebay.listing"].search(account._pilot(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._("The pilot is not a valid filter.")
                ) from error

    def _pilot(self):
        domain = literal_eval(self.pilot_domain or "[]")
        if not isinstance(domain, list):
            raise ValueError("no domain")
        return domain

    def _live_listings(self, listings=None):
        """The linked listings that Odoo manages in this stage."""
        self.ensure_one()
        if self.golive_stage == "mirror":
            return self.env["ebay.listing"]
        domain = [
            ("account_id", "=", self.id),
            ("product_id", "!=", False),
            ("ignored", "=", False),
        ]
        if listings is not None:
            domain += [("id", "in", listings.ids)]
        if self.golive_stage == "pilot":
            if not self._pilot():  # emptied in the meantime: nothing is chosen
                return self.env["ebay.listing"]
            domain += self._pilot()
        return self.env["ebay.listing"].search(domain)

    # -- buttons -----------------------------------------------------------------

    def action_preview(self):
        """Button: eBay and Odoo side by side."""
        self.ensure_one()
        self.check_access("write")
        takeover = self.env["ebay.takeover"].create({"account_id": self.id})
        takeover.action_compute()
        return {
            "type": "ir.actions.act_window",
            "res_model": "ebay.takeover",
            "res_id": takeover.id,
            "views": [(False, "form")],
        }

    def action_go_live_pilot(self):
        """Button: Odoo writes to eBay for the pilot's listings."""
        self.ensure_one()
        self.check_access("write")
        if not self._pilot():
            raise UserError(self.env._("First choose which listings are the pilot."))
        self._go_live("pilot")
        chosen = self._live_listings()
        others = self._listings_by_odoo() - chosen
        # sudo: a manager's decision, checked above
        others.sudo()._let_decide(stock="nobody", price="nobody")

    def action_go_live(self):
        """Button: Odoo writes to eBay for every linked listing."""
        self.ensure_one()
        self.check_access("write")
        self._go_live("live")

    def _go_live(self, stage):
        if self.state != "connected" or not self.is_armed:
            raise UserError(
                self.env._(
                    "Only a connected account that is armed for this database "
                    "can go live."
                )
            )
        self._refuse_unfinished()
        since = fields.Datetime.now() - PREVIEW_VALID
        if not self.takeover_ids.filtered(
            lambda one: one.computed_at and one.computed_at >= since
        ):
            raise UserError(
                self.env._(
                    "Look at a preview first: it shows what would change on "
                    "eBay, and none was made in the last 24 hours."
                )
            )
        # sudo: a manager's decision, checked by the buttons
        self.sudo().write({"golive_stage": stage, "mode": "live"})
        self._live_listings().sudo()._give_to_odoo()
        for flow in ("stock_out", "prices_out"):
            self._wake(flow)

    def _refuse_unfinished(self):
        """eBay's changes of stock must be in Odoo before Odoo sends its own."""
        states = self.takeover_ids.grouped("state")
        if "adopting" in states or "undoing" in states:
            raise UserError(self.env._("The opening stock is still being adopted."))
        pending = self.env["ebay.listing"].search_count(
            [
                ("account_id", "=", self.id),
                ("stock_pending", "=", True),
                ("stock_master", "=", "ebay"),
                ("product_id", "!=", False),
                ("changed_at", "!=", False),
            ],
            limit=1,
        )
        adopted = states.get("adopted", self.env["ebay.takeover"])
        last = max(filter(None, adopted.mapped("adopted_at")), default=None)
        read = self.listings_read_until_at
        if pending or (last and not (read and read > last)):
            self._wake("listings_in")
            raise UserError(
                self.env._(
                    "eBay is being read once more, so that no sale made in the "
                    "meantime is missed. Try again in a few minutes."
                )
            )

    def _listings_by_odoo(self):
        Listing = self.env["ebay.listing"].with_context(active_test=False)
        return Listing.search(
            [
                ("account_id", "=", self.id),
                "|",
                ("stock_master", "=", "odoo"),
                ("price_master", "=", "odoo"),
            ]
        )

    def action_back_to_mirror(self):
        """Button: Odoo stops writing to eBay; what eBay shows stays as it is."""
        self.ensure_one()
        self.check_access("write")
        # sudo: a manager's decision, checked above
        self.sudo().write({"golive_stage": "mirror", "mode": "mirror"})
        listings = self._listings_by_odoo().sudo()
        listings.filtered(lambda row: row.stock_master == "odoo").write(
            {"stock_master": "nobody", "stock_by_hand": False}
        )
        listings.filtered(lambda row: row.price_master == "odoo").write(
            {"price_master": "nobody", "price_by_hand": False}
        )

    def action_view_previews(self):
        """Open what was compared before, and what was adopted."""
        return self._filtered_action("ebay_sync.ebay_takeover_action")
