"""Who changed what: every setting of an account leaves a line in its chatter."""

from odoo import api, models, tools

# Keys by which Odoo notes nothing.
TOLD = {"tracking_disable": False, "mail_notrack": False, "mail_create_nolog": False}
# Lists have changes of their own, and of the rest nothing can be shown as a line.
_SHOWN = {
    "boolean",
    "char",
    "date",
    "datetime",
    "float",
    "integer",
    "many2many",
    "many2one",
    "monetary",
    "selection",
    "text",
}


class EbayAccount(models.Model):
    _inherit = "ebay.account"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super(EbayAccount, self._told()).create(vals_list)
        return accounts.with_env(self.env)

    def write(self, vals):
        return super(EbayAccount, self._told()).write(vals)

    def _told(self):
        """No person's own context keeps the chatter quiet."""
        return self if self._is_flow() else self.with_context(**TOLD)

    @tools.ormcache("self.env.uid", "self.env.su")
    def _track_get_fields(self):
        """All that people can set. What the flows note for themselves is no news."""
        tracked = super()._track_get_fields() or set()
        if self.env.uid == self.env.ref("ebay_sync.user_ebay_robot").id:
            return tracked
        settings = {
            name
            for name, field in self._fields.items()
            if field.type in _SHOWN and _is_setting(field)
        }
        return tracked | set(self.fields_get(settings, attributes=()))


def _is_setting(field):
    """Whether a person writes it: no secret is one, since none is a stored field."""
    made = field.compute or field.related or field.readonly
    return field.store and not made
