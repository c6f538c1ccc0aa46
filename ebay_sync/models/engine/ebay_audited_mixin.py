"""Rows that are part of an account's settings: the account says who changed them."""

from markupsafe import Markup

from odoo import api, models

MOST_LINES = 20


class EbayAuditedMixin(models.AbstractModel):
    """Notes in the account's chatter what people add, change and remove.

    Its models have an ``account_id``. What the flows write is no news.
    """

    _name = "ebay.audited.mixin"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay: changes are noted on the account"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        now = self.env.cr.now()
        # what comes with a new account is part of its creation
        older = rows.filtered(lambda row: row.account_id.create_date != now)
        if older._is_news():
            older._note({row: f"+ {row._as_line()}" for row in older})
        return rows

    def write(self, vals):
        names = self._settings() & set(vals)
        if not names or not self._is_news():
            return super().write(vals)
        before = {row: row._values(names) for row in self}
        result = super().write(vals)
        lines = {}
        for row in self:
            after = row._values(names)
            changes = [
                f"{label}: {old} -> {after[label]}"
                for label, old in before[row].items()
                if old != after[label]
            ]
            if changes:
                lines[row] = f"{row._as_line()} ({', '.join(changes)})"
        self._note(lines)
        return result

    def unlink(self):
        if self._is_news():
            self._note({row: f"- {row._as_line()}" for row in self})
        return super().unlink()

    def _is_news(self):
        robot = self.env.ref("ebay_sync.user_ebay_robot", raise_if_not_found=False)
        # a person's own context does not keep it quiet
        quiet = self.env.context.get("tracking_disable") and self._is_flow()
        return bool(self and robot) and not quiet and self.env.uid != robot.id

    def _settings(self):
        """The names of the columns that people fill in."""
        return {
            name
            for name, field in self._fields.items()
            if field.store
            and not (field.compute or field.related or field.readonly)
            and name not in ("account_id", "sequence")
        }

    def _values(self, names):
        """Label -> value, both as people read them."""
        self.ensure_one()
        labels = self.fields_get(names, ["string"])
        return {
            labels[name]["string"]: self._fields[name].convert_to_export(
                self[name], self
            )
            for name in sorted(names & set(labels))
        }

    def _as_line(self):
        values = self._values(self._settings()).items()
        said = ", ".join(f"{label}: {value}" for label, value in values if value)
        kind = self.env["ir.model"]._get(self._name).name
        return f"{kind}: {said}"

    def _note(self, lines):
        """One message for each account: a line for each row, and no book."""
        for account in self.account_id:
            mine = [line for row, line in lines.items() if row.account_id == account]
            more = ["..."] if len(mine) > MOST_LINES else []
            if mine:
                shown = mine[:MOST_LINES] + more
                account._note(Markup("<br/>").join(shown))
