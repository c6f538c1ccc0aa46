"""Domains of the account: what is never sent, and which orders are left to others.

A domain is fixed values only, is checked when it is saved, and is never trusted to be
right for ever: fields come and go with other addons.
"""

import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.ebay_access_mixin import MANAGER

LONGEST = 2_000
MOST_CONDITIONS = 50
MOST_VALUES = 500
OPERATORS = {
    *("=", "!=", "<", ">", "<=", ">=", "in", "not in"),
    *("like", "not like", "ilike", "not ilike", "=like", "=ilike"),
    "child_of",
}
# Models whose fields a domain on products may ask for, beside the product's own.
OF_PRODUCTS = ("product.", "uom.")
# The plain fields of an order, none of which names the buyer's person.
OF_ORDERS = {
    "order_ref",
    "ebay_created_at",
    "marketplace",
    "country_code",
    "amount",
    "currency",
    "payment_status",
    "fulfillment_status",
}


class FilterError(UserError):
    """A domain cannot be used; the text says why, in the reader's language."""


class EbayAccount(models.Model):
    _inherit = "ebay.account"
    _people_set = {MANAGER: "never_push_domain other_orders_domain"}

    never_push_domain = fields.Char(
        "Products never sent",
        help="Their quantities and prices on eBay are left alone.",
    )
    other_orders_domain = fields.Char(
        "Orders left to others",
        help="They are stored and ignored: somebody else ships them.",
    )
    field_rule_ids = fields.One2many("ebay.field.rule", "account_id", "Field rules")

    @api.constrains("never_push_domain", "other_orders_domain", "company_id")
    def _check_filters(self):
        robot = self.env.ref("ebay_sync.user_ebay_robot")
        for account in self.filtered(_has_filters):
            account._let_robot_in()
            # as the robot reads it, who will have to: rights are part of the check
            own = account.with_user(robot).with_company(account.company_id)
            own = own.with_context(lang=self.env.lang)
            try:
                own._never_pushed_ids(limit=1)
                own._left_to_others(own.env["ebay.order"].new({}))
            except FilterError as error:
                raise ValidationError(str(error)) from error

    def write(self, vals):
        result = super().write(vals)
        if "never_push_domain" in vals:
            self._close_filter_issues("push_filter_failed")
            self._wake("stock_out")
            self._wake("prices_out")
        if "other_orders_domain" in vals:
            self._close_filter_issues("order_filter_failed")
            self._wake("orders_in")
        return result

    def _close_filter_issues(self, code):
        # sudo: whoever may correct a filter closes what it was asked for
        self.env["ebay.issue"].sudo().search(
            [
                ("account_id", "in", self.ids),
                ("code", "=", code),
                ("state", "=", "open"),
            ]
        )._close()

    # -- for the flows -------------------------------------------------------------

    def _never_pushed_ids(self, limit=None):
        """Ids of the products that are never sent. Raises FilterError."""
        self.ensure_one()
        domain = self._domain(self.never_push_domain, self._check_product_field)
        if not domain:
            return frozenset()
        products = self.env["product.product"].with_context(active_test=False)
        try:
            with self.env.cr.savepoint(flush=False):
                return frozenset(products.search(domain, limit=limit).ids)
        except Exception as error:  # whatever a field's own search does
            raise FilterError(self.env._("Odoo cannot use it")) from error

    def _left_to_others(self, orders):
        """Those of the stored orders that somebody else ships. Raises FilterError."""
        self.ensure_one()
        domain = self._domain(self.other_orders_domain, self._check_order_field)
        if not domain:
            return orders.browse()
        try:
            return orders.filtered_domain(domain)
        except Exception as error:  # a value that does not fit its field
            raise FilterError(self.env._("Odoo cannot use it")) from error

    # -- reading a domain ----------------------------------------------------------

    def _domain(self, text, check_field):
        """A domain of fixed values from its text. Raises FilterError."""
        if not (text or "").strip():
            return []
        _ = self.env._
        if len(text) > LONGEST:
            raise FilterError(_("The filter is too long."))
        try:
            domain = ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
            raise FilterError(
                _("The filter is not a list of conditions with fixed values.")
            ) from error
        if not isinstance(domain, list):
            raise FilterError(_("The filter is not a list of conditions."))
        conditions = [one for one in domain if one not in ("&", "|", "!")]
        if len(conditions) > MOST_CONDITIONS:
            raise FilterError(_("The filter has too many conditions."))
        for one in conditions:
            self._check_condition(one, check_field)
        self._check_shape(domain)
        return domain

    def _check_condition(self, condition, check_field):
        _ = self.env._
        if not isinstance(condition, (list, tuple)) or len(condition) != 3:
            raise FilterError(_("A condition of the filter is incomplete."))
        name, operator, value = condition
        if not isinstance(name, str) or operator not in OPERATORS:
            raise FilterError(
                _('"%(what)s" cannot be used in this filter.', what=str(operator))
            )
        check_field(name)
        values = value if isinstance(value, (list, tuple)) else [value]
        plain = all(
            isinstance(one, (str, int, float, bool, type(None))) for one in values
        )
        if len(values) > MOST_VALUES or not plain:
            raise FilterError(_("The filter on %(field)s has no value.", field=name))

    def _check_shape(self, domain):
        """Every operator has its conditions: Odoo's own prefix notation."""
        wanted = 1
        for one in domain:
            if wanted == 0:
                wanted = 1  # conditions side by side are joined by "and"
            wanted += {"&": 1, "|": 1, "!": 0}.get(one, -1) if _is_text(one) else -1
        if domain and wanted:
            raise FilterError(self.env._("A condition of the filter is incomplete."))

    def _check_order_field(self, name):
        if name not in OF_ORDERS:
            raise FilterError(self._no_field(name))

    def _check_product_field(self, name):
        model, parts = "product.product", name.split(".")
        for number, part in enumerate(parts):
            field = self.env[model]._fields.get(part) if model else None
            if field is None or field.groups or not (field.store or field.search):
                raise FilterError(self._no_field(name))
            model = field.comodel_name if field.relational else None
            if model and not model.startswith(OF_PRODUCTS):
                raise FilterError(self._no_field(name))
            if field.type in ("json", "properties", "binary", "reference"):
                raise FilterError(self._no_field(name))
            if model is None and number + 1 < len(parts):
                raise FilterError(self._no_field(name))

    def _no_field(self, name):
        return self.env._("%(field)s cannot be asked for in this filter.", field=name)


def _is_text(value):
    return isinstance(value, str)


def _has_filters(account):
    return account.never_push_domain or account.other_orders_domain
