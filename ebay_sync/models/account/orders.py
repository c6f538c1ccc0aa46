"""The account's rules for orders, and how far the import is."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..engine.ebay_access_mixin import MANAGER

CONFIRM_RULES = [
    ("never", "Never: leave them as quotations"),
    ("paid", "When paid"),
    ("always", "Always, paid or not"),
]
NAME_RULES = [
    ("odoo", "Odoo's own number"),
    ("ebay", "eBay's order number"),
    ("prefix", "Prefix and eBay's order number"),
]
UNKNOWN_SKU_RULES = [
    ("block", "Wait until somebody links the product"),
    ("placeholder", "Take the placeholder product"),
    ("create", "Create a product from the order line"),
]
CHARGE_TAX_RULES = [
    ("goods", "Like the goods, by their share"),
    ("product", "Like the products chosen here"),
]
FIRST_IMPORT_DAYS = 30
MOST_WANTED = 500


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {
        MANAGER: (
            "confirm_rule team_id salesperson_id tag_ids name_rule "
            "name_prefix warehouse_id payment_term_id unknown_sku_rule "
            "placeholder_product_id shipping_product_id discount_product_id "
            "rounding_product_id remitted_position_id hold_days "
            "invoice_rule payment_journal_id charge_tax_rule mail_buyers "
            "orders_since_at "
            "refetch_from_at refetch_to_at"
        ),
    }

    # -- rules -----------------------------------------------------------------
    confirm_rule = fields.Selection(
        CONFIRM_RULES, "Confirm orders", required=True, default="paid"
    )
    team_id = fields.Many2one("crm.team", "Sales team", check_company=True)
    salesperson_id = fields.Many2one("res.users", check_company=True)
    tag_ids = fields.Many2many("crm.tag")
    name_rule = fields.Selection(NAME_RULES, "Number", required=True, default="odoo")
    name_prefix = fields.Char("Prefix", default="EBAY/")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        check_company=True,
        help="Ships what no eBay location says otherwise.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", "Payment terms", check_company=True
    )
    unknown_sku_rule = fields.Selection(
        UNKNOWN_SKU_RULES, "Unknown SKU", required=True, default="block"
    )
    placeholder_product_id = fields.Many2one(
        "product.product",
        default=lambda self: self._default_product("placeholder"),
        check_company=True,
    )
    shipping_product_id = fields.Many2one(
        "product.product",
        default=lambda self: self._default_product("shipping"),
        check_company=True,
    )
    discount_product_id = fields.Many2one(
        "product.product",
        default=lambda self: self._default_product("discount"),
        check_company=True,
    )
    rounding_product_id = fields.Many2one(
        "product.product",
        "Rounding and adjustments",
        default=lambda self: self._default_product("rounding"),
        check_company=True,
    )
    charge_tax_rule = fields.Selection(
        CHARGE_TAX_RULES,
        "Tax of shipping and discounts",
        required=True,
        default="goods",
        help="Like the goods: a line for each set of taxes that the goods of the order "
        "have. Like the products: the taxes of the products for shipping, discounts "
        "and adjustments; like the goods where these have none in this company.",
    )
    remitted_position_id = fields.Many2one(
        "account.fiscal.position",
        "When eBay pays the tax",
        check_company=True,
        help="Fiscal position for lines whose tax eBay collects and pays itself.",
    )
    tax_rule_ids = fields.One2many(
        "ebay.tax.rule",
        "account_id",
        "Taxes charged on eBay",
        help="Which tax is used for one that you charge on eBay on top of the price.",
    )
    hold_days = fields.Integer(
        "Reserve unpaid orders (days)",
        help="How long the goods of an unpaid order stay reserved in Odoo. 0: not at "
        "all. In any case they are not offered on eBay again.",
    )
    invoice_rule = fields.Selection(
        [("no", "By hand"), ("post", "Create and post when paid")],
        "Invoices",
        required=True,
        default="no",
    )
    mail_buyers = fields.Boolean(
        "Odoo may write to buyers",
        help="Mails that Odoo sends by itself when an order is confirmed or delivered, "
        "as your company has them for its other customers. eBay writes to its buyers "
        "itself.",
    )
    payment_journal_id = fields.Many2one(
        "account.journal",
        "Clearing journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Where eBay's payment of a posted invoice is registered, on the journal's "
        "own account. Empty: it is not registered.",
    )

    # -- where the import stands -----------------------------------------------
    orders_since_at = fields.Datetime(
        "Import orders changed since",
        default=lambda self: fields.Datetime.now() - timedelta(days=FIRST_IMPORT_DAYS),
        copy=False,
    )
    orders_read_until_at = fields.Datetime(
        "Orders read until", readonly=True, copy=False
    )
    order_gaps = fields.Json(
        readonly=True,
        copy=False,
        help="Windows in which eBay counted more orders than it showed.",
    )
    refetch_from_at = fields.Datetime("Read again from", copy=False)
    refetch_to_at = fields.Datetime("to", copy=False)
    order_ids = fields.One2many("ebay.order", "account_id")
    issue_ids = fields.One2many("ebay.issue", "account_id")
    order_count = fields.Integer(compute="_compute_order_count")
    issue_count = fields.Integer("Inbox", compute="_compute_issue_count")

    @api.model
    def _default_product(self, name):
        return self.env.ref(f"ebay_sync.product_{name}", raise_if_not_found=False)

    def _compute_order_count(self):
        counts = dict(
            self.env["ebay.order"]._read_group(
                [("account_id", "in", self.ids)], ["account_id"], ["__count"]
            )
        )
        for account in self:
            account.order_count = counts.get(account, 0)

    def _compute_issue_count(self):
        counts = dict(
            self.env["ebay.issue"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.issue_count = counts.get(account, 0)

    @api.constrains("refetch_from_at", "refetch_to_at")
    def _check_refetch(self):
        for account in self:
            start, end = account.refetch_from_at, account.refetch_to_at
            if start and end and start >= end:
                raise ValidationError(
                    self.env._("The range to read again ends before it begins.")
                )
            if start and start > fields.Datetime.now():
                raise ValidationError(
                    self.env._("The range to read again is in the future.")
                )

    @api.constrains("hold_days")
    def _check_hold_days(self):
        if any(not 0 <= account.hold_days <= 90 for account in self):
            raise ValidationError(self.env._("Enter 0 to 90 days."))

    @api.constrains("name_prefix")
    def _check_name_prefix(self):
        for account in self:
            if len(account.name_prefix or "") > 16:
                raise ValidationError(self.env._("A prefix has at most 16 characters."))

    # -- what is wanted --------------------------------------------------------

    def _want_orders(self, order_refs):
        """Have exactly these orders read from eBay in the next run, and wake it."""
        self.ensure_one()
        refs = list(dict.fromkeys(ref.strip() for ref in order_refs if ref.strip()))
        if len(refs) > MOST_WANTED:
            raise UserError(
                self.env._("Enter at most %(most)s orders.", most=MOST_WANTED)
            )
        self.env["ebay.order"].flush_model()
        # one statement, because notifications ask for the same order at the same time
        self.env.cr.execute(
            SQL(
                "INSERT INTO ebay_order (account_id, company_id, order_ref, state, "
                "attempts, wanted_tries, wanted_at, create_date, create_uid) "
                # whole seconds, as in Odoo: what is wanted now is due now
                "SELECT %s, %s, ref, 'pending', 0, 0, "
                "date_trunc('second', now() at time zone 'UTC'), "
                "now() at time zone 'UTC', %s FROM unnest(%s) AS ref "
                "ON CONFLICT (account_id, order_ref) DO UPDATE "
                "SET wanted_at = EXCLUDED.wanted_at, wanted_tries = 0",
                self.id,
                self.company_id.id,
                self.env.uid,
                refs,
            ),
            log_exceptions=False,  # one that is stored right now; it is asked for again
        )
        self.env["ebay.order"].invalidate_model()
        self._wake("orders_in")

    def action_refetch(self):
        """Button: read the chosen range again, in the background."""
        self.ensure_one()
        self.check_access("write")
        if not self.refetch_from_at:
            raise UserError(
                self.env._("Enter the date from which orders are to be read.")
            )
        self._wake("orders_in")

    def _order_url(self, order_ref):
        """Where a person sees the order on eBay."""
        site = (
            "www.sandbox.ebay.com" if self.environment == "sandbox" else "www.ebay.com"
        )
        return f"https://{site}/sh/ord/details?orderid={order_ref}"

    def action_view_orders(self):
        """Open the account's stored orders."""
        return self._filtered_action("ebay_sync.ebay_order_action")

    def action_view_issues(self):
        """Open the account's inbox."""
        return self._filtered_action("ebay_sync.ebay_issue_action")
