"""An account's field rules at work: parts of eBay's document fill fields in Odoo.

A field is filled while it is empty or still holds what the rule wrote last; what
somebody has typed over it stays. Nothing of this ever holds an order up: what cannot
be filled is said in the inbox, once for each rule.
"""

from datetime import datetime
from decimal import Decimal

from odoo import api, models

from ...compat import CONCURRENCY
from ...mapping.orders.field_path import (
    ValueKindError,
    as_kind,
    parse_path,
    read_path,
)
from ...models.orders.ebay_field_rule import KINDS, WRITTEN, as_json, size_of
from ..engine.run import naive_utc


class EbayOrderFieldRules(models.AbstractModel):
    """Fills what the account's rules say, order by order."""

    _name = "ebay.order.field.rules"
    _description = "eBay: apply field rules"

    @api.model
    def _apply(self, account, plans):
        """Fill the fields of these plans' sale orders, lines and customers."""
        rules = self.env["ebay.field.rule"].search([("account_id", "=", account.id)])
        if not rules:
            return
        by_model = rules.grouped(lambda rule: rule._model())
        for plan in plans:
            if plan.sale and not plan.row.erased_at:
                for model, own in by_model.items():
                    for record in self._records(plan.sale, model):
                        self._fill(plan, own, record)

    def _records(self, sale, model):
        if model == "sale.order.line":
            return sale.order_line.filtered("ebay_line_ref")
        return sale if model == "sale.order" else sale.partner_id

    def _fill(self, plan, rules, record):
        wanted = {}
        for rule in rules:
            try:
                name, value = self._value(plan.row.payload, rule, record)
            except ValueKindError as error:
                self._ask(plan, rule, self._words().get(str(error), str(error)))
            else:
                if value is not None and self._may_fill(record, name, value):
                    wanted[rule] = (name, value)
        if wanted and not self._write(record, dict(wanted.values())):
            for rule, (name, value) in wanted.items():  # which of them is it
                if not self._write(record, {name: value}):
                    self._ask(plan, rule, self.env._("Odoo refuses the value"))

    def _value(self, document, rule, record):
        """(field's name, value or None). Raises ValueKindError."""
        field = rule._field()
        if field is None:
            raise ValueKindError("no field")
        is_line = record._name == "sale.order.line"
        found = read_path(
            document, parse_path(rule.path), record.ebay_line_ref if is_line else None
        )
        value = as_kind(found, KINDS[field.type], size_of(field))
        if field.type == "selection" and value is not None:
            if value not in field.get_values(self.env):
                raise ValueKindError("not a choice")
        if isinstance(value, Decimal):
            value = float(value)
        elif isinstance(value, datetime):
            value = naive_utc(value).replace(microsecond=0)
        return field.name, value

    def _may_fill(self, record, name, value):
        """Whether the field is another and nobody but the rules has filled it."""
        current = as_json(record[name])
        written = record[WRITTEN] or {}
        if current == as_json(value):
            return name not in written
        return not current or (name in written and written[name] == current)

    def _write(self, record, values):
        """Write the values, and note them; False where Odoo refuses."""
        try:
            with self.env.cr.savepoint():
                record.write(values)
                written = {name: as_json(record[name]) for name in values}
                record[WRITTEN] = {**(record[WRITTEN] or {}), **written}
        except CONCURRENCY:
            raise
        except Exception:
            # whatever other addons make of it: the text may name the buyer
            record.invalidate_recordset(flush=False)
            return False
        return True

    def _ask(self, plan, rule, reason):
        self.env["ebay.issue"]._raise(
            rule.account_id,
            "field_rule_failed",
            record=rule,
            path=rule.path,
            order_ref=plan.order.order_ref,
            reason=reason,
        )

    def _words(self):
        """What is wrong with a value, in the account's language."""
        _ = self.env._
        return {
            "no field": _("the field no longer exists, or may not be filled"),
            "not a choice": _("eBay's value is none of the field's choices"),
            "not a number": _("eBay's value is not a number"),
            "not a whole number": _("eBay's value is not a whole number"),
            "a number that is too large": _("eBay's number is too large"),
            "neither true nor false": _("eBay's value is neither true nor false"),
            "not a time": _("eBay's value is not a time"),
            "several values": _("there are several values"),
        }
