"""Who may set which field: people what is declared, the flows all the rest.

A view's ``readonly`` protects a form, not a row: over RPC whoever may write a row could
write all of it. So each model says beside its fields what people may set::

    _people_set = {USER: "product_id", MANAGER: "stock_master price_master"}
    _people_set_once = {MANAGER: "account_id"}

``_people_set`` is for new rows and for later, ``_people_set_once`` for new rows only.
What neither names is kept by the connector: flows write it (as superuser or as the
robot), and so do buttons, by ``sudo()`` behind a check of who pressed them. One-to-many
fields are not named: their rows say themselves what may be set of them.

Of Odoo's own models only the ``ebay_*`` fields are looked after.

A ``related`` field is read with the reader's rights (``related_sudo=False``), or a
comment says why as superuser. The company of what a row belongs to is stored, so that
the rules find it: there is one value for everybody, which is no reader's.
"""

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import ormcache

USER = "ebay_sync.group_ebay_user"
MANAGER = "ebay_sync.group_ebay_manager"
SYSTEM = "base.group_system"
ROBOT = "ebay_sync.group_ebay_robot"

ON_CREATE, ON_WRITE = 0, 1
ACCOUNT = "ebay.account"
# Odoo itself lets nobody write these.
MAGIC = {"id", "parent_path", *models.LOG_ACCESS_COLUMNS}


class EbayAccessMixin(models.AbstractModel):
    """Refuses what is not declared, however it comes: form, import, RPC or context."""

    _name = "ebay.access.mixin"
    _description = "eBay: people set only what is declared"

    _people_set = {}
    _people_set_once = {}

    # -- what is declared --------------------------------------------------------------

    @api.model
    @ormcache()
    def _guarded(self):
        """``{field: (group on create, group on write)}``; False is the flows alone."""
        always, once = {}, {}
        for part in type(self).mro():
            for found, name in ((always, "_people_set"), (once, "_people_set_once")):
                for group, names in vars(part).get(name, {}).items():
                    found.update(dict.fromkeys(names.split(), group))
        return {
            name: (once.get(name, always.get(name, False)), always.get(name, False))
            for name, field in self._fields.items()
            if self._is_guarded(field) or name in always or name in once
        }

    @api.model
    def _is_guarded(self, field):
        """Whether a field is the addon's, and writing to it changes something."""
        ours = "ebay_sync" in (field._modules or ())
        if not self._name.startswith("ebay."):
            ours = ours and field.name.startswith("ebay_")
        lasts = field.store or field.inverse
        open_ = field.name in MAGIC or field.type == "one2many"
        return bool(ours and lasts and not open_)

    @api.model
    def _is_flow(self):
        """Whether code is at work here, and no person's own call."""
        return self.env.su or self.env.user.has_group(ROBOT)

    @api.model
    def _settable(self, when):
        """The guarded fields that this user may set."""
        user = self.env.user
        return {
            name
            for name, groups in self._guarded().items()
            if groups[when] and user.has_group(groups[when])
        }

    # -- the doors -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_flow():
            return super().create(vals_list)
        self._refuse_kept(set().union(*vals_list), ON_CREATE)
        rows = super().create(vals_list)
        rows._check_references(self._settable(ON_CREATE))  # defaults name some as well
        return rows

    def write(self, vals):
        if self.env.su or not (named := self._guarded().keys() & vals.keys()):
            return super().write(vals)
        if self._is_flow():
            return super().write(vals)
        self._refuse_kept(named, ON_WRITE)
        result = super().write(vals)
        self._check_references(named)
        return result

    @api.model
    def default_get(self, fields_list):
        """What is kept begins as the code has it, whatever context or user says."""
        values = super().default_get(fields_list)
        if self._is_flow():
            return values
        kept = self._guarded().keys() - self._settable(ON_CREATE)
        for name in kept & values.keys():
            field = self._fields[name]
            del values[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, False)
                values[name] = field.convert_to_write(value, self)
        return values

    def copy_data(self, default=None):
        """A copy has what people may set; the rest begins anew."""
        rows = super().copy_data(default)
        if self._is_flow():
            return rows
        kept = self._guarded().keys() - self._settable(ON_CREATE) - set(default or ())
        return [
            row and {name: value for name, value in row.items() if name not in kept}
            for row in rows
        ]

    def _refuse_kept(self, names, when):
        """Raise AccessError when this user may not set all of these fields."""
        guarded = self._guarded()
        refused = names & guarded.keys() - self._settable(when)
        if not refused:
            return
        groups = {guarded[name][when] for name in refused}
        labels = ", ".join(
            self._fields[name]._description_string(self.env) or name
            for name in sorted(refused)
        )
        kind = self.env["ir.model"]._get(self._name).name
        if groups == {SYSTEM}:
            text = self.env._(
                "%(kind)s: only a system administrator sets %(fields)s.",
                kind=kind,
                fields=labels,
            )
        elif False not in groups:
            text = self.env._(
                "%(kind)s: only an eBay manager sets %(fields)s.",
                kind=kind,
                fields=labels,
            )
        elif when == ON_WRITE and all(guarded[name][ON_CREATE] for name in refused):
            text = self.env._(
                "%(kind)s: %(fields)s cannot be changed any more. Make a new one "
                "instead.",
                kind=kind,
                fields=labels,
            )
        else:
            text = self.env._(
                "%(kind)s: %(fields)s is kept by the eBay connector and is not set by "
                "hand.",
                kind=kind,
                fields=labels,
            )
        raise AccessError(text)

    # -- what a row may point to -------------------------------------------------------

    def _check_references(self, names):
        """What a person put into a row is what that person may see, of this account."""
        for name in names:
            field = self._fields[name]
            if field.type not in ("many2one", "many2many") or not field.store:
                continue
            for row in self:
                # sudo: only to see what is named; the person's right to it comes next
                named_sudo = row.sudo().with_context(active_test=False)[name]
                if named_sudo:
                    named_sudo.sudo(False).check_access("read")
                    self._check_account(row.sudo(), named_sudo, field)

    def _check_account(self, row, named, field):
        """What belongs to an account is named by rows of that account only."""
        mine, theirs = row._fields.get("account_id"), named._fields.get("account_id")
        if not (mine and theirs) or {mine.comodel_name, theirs.comodel_name} != {
            ACCOUNT
        }:
            return
        if named.account_id - row.account_id:
            raise ValidationError(
                self.env._(
                    "%(field)s: %(names)s belongs to another eBay account.",
                    field=field._description_string(self.env),
                    names=", ".join(named.mapped("display_name")),
                )
            )

    # -- who wanted something --------------------------------------------------------

    @api.model
    def _may_still(self, user, group, company):
        """Whether who asked for something may ask for it now: active, in the group,
        of the company. Flows ask this before they act at eBay."""
        # sudo: who is in a group is for administrators to read
        user_sudo = user.sudo()
        return bool(user_sudo) and (
            user_sudo._is_superuser()
            or (
                user_sudo.active
                and user_sudo.has_group(group)
                and company in user_sudo.company_ids
            )
        )
