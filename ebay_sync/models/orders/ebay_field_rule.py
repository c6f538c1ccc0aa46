"""Rules without code: a part of eBay's order document fills a field in Odoo."""

from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...compat import sql_constraints
from ...mapping.orders.field_path import LINES, PathError, parse_path
from ..engine.ebay_access_mixin import MANAGER

# What of a field's type the pure part makes its value (``field_path.as_kind``).
KINDS = {
    "boolean": "boolean",
    "char": "char",
    "date": "date",
    "datetime": "datetime",
    "float": "number",
    "integer": "integer",
    "monetary": "number",
    "selection": "char",
    "text": "text",
}
LONGEST_CHAR = 250
LONGEST_TEXT = 2_000
MOST_RULES = 50

# Fields that the connector fills itself, that say what an order costs, who may see it
# or what becomes of it: no rule touches them, nor what is added with such a name.
OWN = {
    "sale.order": {
        "client_order_ref",
        "commitment_date",
        "date_order",
        "locked",
        "name",
        "note",
        "origin",
        "reference",
        "require_payment",
        "require_signature",
        "signed_by",
        "signed_on",
        "state",
    },
    "sale.order.line": {
        "discount",
        "display_type",
        "is_delivery",
        "is_downpayment",
        "is_expense",
        "name",
        "price_unit",
        "product_uom_qty",
        "sequence",
        "technical_price_unit",
    },
    "res.partner": {
        "active",
        "city",
        "customer_rank",
        "email",
        "employee",
        "is_company",
        "lang",
        "mobile",
        "name",
        "phone",
        "street",
        "street2",
        "supplier_rank",
        "type",
        "tz",
        "vat",
        "zip",
    },
}
OWN_BEGINNINGS = ("ebay_", "message_", "activity_", "access_", "signup_", "qty_")
OWN_ENDS = ("_warn", "_token", "virtual_id")
# The value's place in each of these models: what a rule has written there last.
WRITTEN = "ebay_field_values"


class EbayFieldRule(models.Model):
    """Fills one field of sale orders, their lines or buyers from eBay's document."""

    _name = "ebay.field.rule"
    _inherit = ["ebay.audited.mixin"]
    _description = "eBay field rule"
    _order = "account_id, sequence, id"
    _rec_name = "path"
    _people_set = {MANAGER: "sequence path target"}
    _people_set_once = {MANAGER: "account_id"}

    locals().update(
        sql_constraints(
            account_target_uniq=(
                "UNIQUE(account_id, target)",
                "A field is filled by one rule.",
            )
        )
    )

    account_id = fields.Many2one(
        "ebay.account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    path = fields.Char(
        "Part of eBay's order",
        required=True,
        help="As eBay's documentation names it: buyer.username, "
        "lineItems[].lineItemId, "
        "fulfillmentStartInstructions[0].shippingStep.shipTo.companyName.",
    )
    target = fields.Selection(
        selection="_targets",
        string="Field in Odoo",
        required=True,
        help="Filled while it is empty or still holds what the rule wrote.",
    )

    @api.model
    def _targets(self):
        """Every field that a rule may fill, with the name of its model before it."""
        words = {
            "sale.order": self.env._("Sale order"),
            "sale.order.line": self.env._("Order line"),
            "res.partner": self.env._("Customer"),
        }
        found = []
        for model, word in words.items():
            own = [
                (f"{model}/{name}", f"{word}: {field._description_string(self.env)}")
                for name, field in self.env[model]._fields.items()
                if may_be_filled(model, field)
            ]
            found += sorted(own, key=lambda one: one[1])
        return found

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        for account in rules.account_id:
            if len(account.field_rule_ids) > MOST_RULES:
                raise ValidationError(
                    self.env._("An account has at most %(most)s.", most=MOST_RULES)
                )
        return rules

    def write(self, vals):
        """A changed rule is tried again: the entry about what was wrong is closed."""
        result = super().write(vals)
        if {"path", "target"} & vals.keys():
            self._issues()._close()
        return result

    def unlink(self):
        self._issues()._close()
        return super().unlink()

    def _issues(self):
        # sudo: whoever may correct a rule closes what it was asked for
        return (
            self.env["ebay.issue"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "=", "open"),
                ]
            )
        )

    @api.constrains("path", "target")
    def _check_path(self):
        for rule in self:
            if rule._field() is None:
                raise ValidationError(
                    self.env._("No rule may fill %(field)s.", field=rule.target)
                )
            try:
                path = parse_path(rule.path or "")
            except PathError as error:
                raise ValidationError(rule._complaint(error)) from error
            several = path.has_many and not (
                rule._model() == "sale.order.line" and path.is_of_line
            )
            if several and rule._kind() not in ("char", "text"):
                raise ValidationError(
                    self.env._(
                        "%(path)s names several values: only a text can hold them.",
                        path=rule.path,
                    )
                )

    def _complaint(self, error):
        if error.code == "syntax":
            example = LINES + "[].sku"  # no f-string: terms after it are not exported
            return self.env._(
                '%(path)s is not part of an eBay order: "%(step)s" is not a '
                "name. Separate names by dots, write [0] for the first entry of "
                "a list and [] for every entry, as in %(example)s.",
                path=self.path,
                step=error.step,
                example=example,
            )
        return self.env._("The part of eBay's order is missing or too long.")

    # -- for the flow ------------------------------------------------------------

    def _model(self):
        return (self.target or "").partition("/")[0]

    def _field(self):
        """The field to fill, or None where it is gone or no longer allowed."""
        model, _slash, name = (self.target or "").partition("/")
        field = self.env[model]._fields.get(name) if model in OWN else None
        return field if field and may_be_filled(model, field) else None

    def _kind(self):
        field = self._field()
        return KINDS[field.type] if field else ""


def may_be_filled(model, field):
    """Whether rules may fill a field: a plain column that anybody may write."""
    return (
        field.type in KINDS
        and field.store
        and not (field.readonly or field.required or field.related or field.compute)
        and not (field.groups or field.translate or field.company_dependent)
        and field.name not in models.MAGIC_COLUMNS
        and field.name not in OWN[model]
        and not field.name.startswith(OWN_BEGINNINGS)
        and not field.name.endswith(OWN_ENDS)
    )


def as_json(value):
    """A field's value as JSON holds it."""
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, date):
        return fields.Date.to_string(value)
    return value


def is_as_written(value, written):
    """Whether a field still holds what a rule wrote last."""
    return as_json(value) == written


def size_of(field):
    """How many characters a field is given at most."""
    if field.type == "text":
        return LONGEST_TEXT
    return min(getattr(field, "size", None) or LONGEST_CHAR, LONGEST_CHAR)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    ebay_field_values = fields.Json(
        "Filled by rules",
        copy=False,
        readonly=True,
        prefetch="ebay",
        groups="ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot",
        help="What rules have written last, by field.",
    )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    ebay_field_values = fields.Json(
        "Filled by rules",
        copy=False,
        readonly=True,
        prefetch="ebay",
        groups="ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot",
        help="What rules have written last, by field.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    ebay_field_values = fields.Json(
        "Filled by rules",
        copy=False,
        readonly=True,
        prefetch="ebay",
        groups="ebay_sync.group_ebay_manager,ebay_sync.group_ebay_robot",
        help="What rules have written last, by field.",
    )
