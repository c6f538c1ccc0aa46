"""Which product of Odoo a listing sells, and how that is known."""

from odoo import api, fields, models

from ...mapping.listings.variation import rows_meant
from ...private_log import added_once
from ...rows import update_rows
from ..engine.ebay_access_mixin import USER
from ..orders.ebay_issue import WAITS_FOR_PRODUCT

METHODS = [
    ("sku", "SKU"),
    ("barcode", "Barcode"),
    ("sku_barcode", "SKU as barcode"),
    ("title", "Title"),
    ("suggestion", "Accepted suggestion"),
    ("manual", "By hand"),
    ("created", "Created from the listing"),
    ("file", "From a file"),
]
CONFLICTS = [
    ("evidence", "SKU and barcode name different products"),
    ("sku", "The SKU is on several listings"),
    ("product", "The product is on several listings"),
]

# What was known of a listing before it had its product.
LINKED = {
    "ignored": False,
    "link_by_hand": False,
    "suggested_product_id": False,
    "suggestion_score": 0,
}


class EbayListing(models.Model):
    _inherit = "ebay.listing"
    _people_set = {USER: "product_id"}

    product_id = fields.Many2one(
        "product.product", index=True, ondelete="restrict", check_company=True
    )
    ignored = fields.Boolean(
        readonly=True, help="Not sold from Odoo: no product is searched for."
    )
    link_by_hand = fields.Boolean(
        "Link only by hand",
        readonly=True,
        help="Somebody rejected the product that was found, so products are only "
        "suggested from now on.",
    )
    link_method = fields.Selection(METHODS, "Linked by", readonly=True)
    link_score = fields.Integer(
        "Score of the link", readonly=True, help="100 is an equal SKU."
    )
    linked_at = fields.Datetime("Linked", readonly=True)
    link_checked_at = fields.Datetime(
        readonly=True, help="When all products were last compared with it."
    )
    conflict = fields.Selection(CONFLICTS, readonly=True, index="btree_not_null")
    suggestion_ids = fields.One2many(
        "ebay.listing.suggestion", "listing_id", "All suggestions"
    )
    suggested_product_id = fields.Many2one(
        "product.product",
        "Suggestion",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    suggestion_score = fields.Integer(
        "Score",
        readonly=True,
        default=0,  # no NULL, which would sort before the best one
        aggregator="max",
    )
    suggestion_text = fields.Char("Because", compute="_compute_suggestion_text")
    suggestion_clear = fields.Boolean(
        compute="_compute_suggestion_clear",
        help="One suggestion is better than all others.",
    )
    picture_url = fields.Char("Picture", compute="_compute_picture_url")

    @api.depends("suggestion_ids.evidence", "suggestion_clear", "conflict")
    @api.depends_context("lang")
    def _compute_suggestion_text(self):
        field = self._fields["conflict"]
        words = dict(field._description_selection(self.env))
        for listing in self:
            found = listing.suggestion_ids
            reasons = [words.get(listing.conflict), found[:1].evidence_text]
            if found and not listing.suggestion_clear:
                reasons.append(self.env._("several are equally likely"))
            listing.suggestion_text = "; ".join(filter(None, reasons))

    @api.depends("product_id", "suggestion_ids.score")
    def _compute_suggestion_clear(self):
        for listing in self:
            first, second = (listing.suggestion_ids.mapped("score") + [0, 0])[:2]
            listing.suggestion_clear = not listing.product_id and first > second

    @api.depends("picture_urls")
    def _compute_picture_url(self):
        for listing in self:
            listing.picture_url = (listing.picture_urls or [False])[0]

    def write(self, vals):
        """A product chosen by hand is a link by hand."""
        result = super().write(vals)
        if "product_id" in vals and "link_method" not in vals:
            # sudo: what follows from the product, which this user was let set
            self.sudo().write(self._link_values(vals["product_id"], "manual", 100))
            if vals["product_id"]:
                self._after_linking()
        return result

    @api.model
    def _link_values(self, product_id, method, score):
        """The values of a link, or of none."""
        return {
            "product_id": product_id,
            "link_method": method if product_id else False,
            "link_score": score if product_id else 0,
            "linked_at": fields.Datetime.now() if product_id else False,
            "link_checked_at": False,
            **(LINKED if product_id else {}),
        }

    def _link(self, product, method, score=100):
        """Say that these listings sell ``product``."""
        self._link_each([(product.id, method, score)] * len(self))

    def _link_each(self, found):
        """Link each of these listings: ``found`` has its product's id, method, score.

        In one statement: there may be thousands of them.
        """
        if not self:
            return
        self.check_access("write")
        products, methods, scores = map(list, zip(*found, strict=True))
        update_rows(
            self,
            product_id=products,
            link_method=methods,
            link_score=scores,
            linked_at=fields.Datetime.now(),
            link_checked_at=False,
            **LINKED,
        )
        alike = self.sudo().grouped(  # one of each kind: they may be thousands
            lambda row: (row.company_id, row.product_id.company_id)
        )
        for rows in alike.values():
            rows[:1]._check_company(["product_id"])
        self._after_linking()

    def _after_linking(self):
        """What follows from links that were just made."""
        # sudo: what follows from a link is nobody's to write
        settled = self.filtered(lambda row: row.conflict == "evidence")
        settled.sudo().conflict = False
        self.suggestion_ids.sudo().unlink()  # nobody's to write by hand
        self.env["ebay.issue"].search(
            [
                ("code", "=", "product_not_created"),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        )._close()
        self._follow_the_account()
        self._release_orders()

    def _release_orders(self):
        """Orders that waited for these products are built at once."""
        causes = {*self.mapped("sku"), *self.mapped("listing_ref")} - {False}
        causes |= {f"{row.listing_ref} {row.variation_ref}" for row in self}
        told = self.env["ebay.issue"].search(
            [
                ("account_id", "in", self.account_id.ids),
                ("code", "in", (*WAITS_FOR_PRODUCT, "placeholder_used")),
                ("cause", "in", list(causes)),
                ("state", "=", "open"),
            ]
        )
        waiting = told.filtered(lambda issue: issue.code in WAITS_FOR_PRODUCT)
        (told - waiting)._close()
        if waiting:
            # sudo: linking is the fix that these orders wait for
            waiting.order_id.sudo().action_build_now()

    @api.model
    def _named_by_order(self, account, listing_ref, sku, variation_ref):
        """The row that an order names, or none that the mirror has yet.

        Several where what the order says does not tell them apart.
        """
        rows = self.with_context(active_test=False).search(
            [("account_id", "=", account.id), ("listing_ref", "=", listing_ref)]
        )
        meant = rows_meant(rows, sku or "", variation_ref or "")
        return self.browse(row.id for row in meant)

    @api.model
    def _create_from_order(self, account, listing_ref, sku, variation_ref, **facts):
        """A row for what an order names, before the mirror has read it."""
        values = {
            "account_id": account.id,
            "listing_ref": listing_ref,
            "sku": sku or False,
            "variation_ref": variation_ref or "",
            "is_variation": bool(variation_ref),
            **facts,
        }
        with added_once(self.env):
            return self.create(values)

    # -- buttons of the bench --------------------------------------------------

    def action_accept_suggestion(self):
        """Button: accept the suggestion where there is a best one."""
        self.check_access("write")
        clear = self.filtered("suggestion_clear")
        clear._link_each(
            [
                (row.suggested_product_id.id, "suggestion", row.suggestion_score)
                for row in clear
            ]
        )
        if clear == self and len(self) == 1:
            return None  # its row goes: a message would lie over the next one's button
        return self._told(
            self.env._("%(count)s listings were linked.", count=len(clear)),
            self.env._(
                "%(count)s have no suggestion that is clearly the best.",
                count=len(self - clear),
            )
            if self - clear
            else False,
        )

    def action_open_on_ebay(self):
        """Button: the page that buyers see."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}

    def action_unlink_product(self):
        """Button: this listing sells another product, or none."""
        self.check_access("write")
        # sudo: checked above; how a link came about is nobody's to write
        self.sudo().write({"product_id": False, "link_by_hand": True})

    def action_ignore(self):
        """Button: not sold from Odoo."""
        self.check_access("write")
        rows = self.sudo()  # checked above; these are nobody's to write by hand
        rows.write({"product_id": False, "ignored": True})
        rows.suggestion_ids.unlink()
        rows.write({"suggested_product_id": False, "suggestion_score": 0})

    def action_look_again(self):
        """Button: look for products again, in the background."""
        self.check_access("write")
        # sudo: checked above; these are notes of the flow's own
        self.sudo().write(
            {"ignored": False, "link_by_hand": False, "link_checked_at": False}
        )
        self.account_id.sudo().links_checked_at = False
        for account in self.account_id:
            account._wake("listings_in")
        return self._told(
            self.env._("Matching products are being searched for in the background.")
        )

    def _told(self, message, more=False):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if more else "success",
                "message": " ".join(filter(None, (message, more))),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
