"""Who may set which field: people what is declared, the flows all the rest.

A view's ``readonly`` protects a form, not a row: over RPC whoever may write a row could
write all of it. So each model says beside its fields what people may set::

    _people_set = {USER: "product_id", MANAGER: "stock_master price_master"}
    _people_set_once = {MANAGER: "account_id"}

``_people_set`` is for new rows and for later, ``_people_set_once`` for new rows only.
What neither names is kept by the connector: flows write it (as superuser or as the
robot), and so do buttons, by ``sudo()`` behind a check of who pressed them. One-to-many
fields are not named: their rows say themselves what may be set of them.

What a person names in a row is first of all something that this person may read, then
of the row's company, and of its eBay account; flows, too, name only what is of the same
account. ``_account_path`` says how a row comes to its account.

Of Odoo's own models only the ``ebay_*`` fields are looked after.

A ``related`` field is read with the reader's rights (``related_sudo=False``), or a
comment says why as superuser. The company of what a row belongs to is stored, so that
the rules find it: there is one value for everybody, which is no reader's.
"""

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import ormcache

from ...compat import hold_rows, lock_rows

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
    _account_path = "account_id"

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
        by_person = not self._is_flow()
        if by_person:
            self._refuse_kept(set().union(*vals_list), ON_CREATE)
            self._refuse_hidden(vals_list)
        rows = super().create(vals_list)
        if by_person:
            rows._check_references(self._settable(ON_CREATE))  # defaults name some too
        else:
            rows._check_accounts(set().union(*vals_list))
        return rows

    def write(self, vals):
        named = self._guarded().keys() & vals.keys()
        if not named:
            return super().write(vals)
        by_person = not self._is_flow()
        if by_person:
            self.check_access("write")
            self._refuse_kept(named, ON_WRITE)
            self._check_readable(vals)
        self._lock_first()
        result = super().write(vals)
        if by_person:
            self._check_references(named)
        else:
            self._check_accounts(named)
        return result

    def unlink(self):
        self.check_access("unlink")
        self._lock_first()
        return super().unlink()

    def _lock_first(self):
        """A person's call gives way silently to a flow that writes the same rows.

        Odoo repeats the call; a run repeats what it did by itself.
        """
        ours = self._name.startswith("ebay.") and self._auto
        if ours and self.env.uid not in (SUPERUSER_ID, self._robot_id()):
            lock_rows(self)

    @api.model
    @ormcache()
    def _robot_id(self):
        robot = self.env.ref("ebay_sync.user_ebay_robot", raise_if_not_found=False)
        return robot.id if robot else SUPERUSER_ID

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
        """A copy has what people may set; the rest starts afresh."""
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

    @api.model
    def _refuse_hidden(self, vals_list):
        """Raise AccessError before a new row's constraints reveal what is hidden."""
        references = self._references() & self._settable(ON_CREATE)
        for vals in vals_list:
            missing = list(references - vals.keys())
            self._check_readable({**self.default_get(missing), **vals})

    @api.model
    def _check_readable(self, vals):
        """What a person names is what that person may read."""
        for name in self._references() & vals.keys():
            ids = _named_ids(vals[name])
            rows = self.env[self._fields[name].comodel_name].browse(ids)
            rows.check_access("read")
            hold_rows(rows)

    def _check_references(self, names):
        """What a person put into these rows may be read, and is of their company and
        their account."""
        for name in self._references() & names:
            # sudo: only to see what is named; the person's right to it comes next
            for row in self.sudo().with_context(active_test=False):
                if row[name]:
                    row[name].sudo(False).check_access("read")
                    row._check_company_of(name)
        self._check_accounts(names)

    def _check_company_of(self, name):
        """What a row names is of its company, or of none."""
        company = self.company_id if "company_id" in self._fields else None
        if company is None:
            company = self._its_account().company_id
        named = self[name]
        if not company or "company_id" not in named._fields:
            return
        lawful = named.filtered_domain(named._check_company_domain(company))
        # no name in it: it may be a buyer's, and Odoo logs what it refuses
        if named - lawful:
            raise ValidationError(
                self.env._(
                    "%(field)s: this belongs to another company.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _check_accounts(self, names):
        """What belongs to an account is named by rows of that account only."""
        for name in self._references_to_accounts() & names:
            # sudo: an account may be compared by whoever may name the row
            for row in self.sudo().with_context(active_test=False):
                theirs, mine = row[name]._its_account(), row._its_account()
                if mine and theirs - mine:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: this belongs to another eBay account.",
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    def _its_account(self):
        """The account that these rows belong to, if they belong to one."""
        if not self._has_account():
            return self.env[ACCOUNT]
        return self.mapped(self._account_path)

    @api.model
    @ormcache()
    def _has_account(self):
        """Whether rows of this model belong to an account."""
        model = self
        for step in self._account_path.split("."):
            if step not in model._fields:
                return False
            model = self.env[model._fields[step].comodel_name]
        return model._name == ACCOUNT

    @api.model
    @ormcache()
    def _references(self):
        """The guarded fields that name other rows."""
        return frozenset(
            name
            for name in self._guarded()
            if self._fields[name].type in ("many2one", "many2many")
            and self._fields[name].store
        )

    @api.model
    @ormcache()
    def _references_to_accounts(self):
        """Those that name what belongs to an account, other than how it is found."""
        way = self._account_path.split(".")[0]
        found = set()
        for name in self._references() - {way}:
            model = self.env[self._fields[name].comodel_name]
            if hasattr(model, "_has_account") and model._has_account():
                found.add(name)
        return frozenset(found)

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


def _named_ids(value):
    """The ids in a value for a many2one or many2many field."""
    if not isinstance(value, (list, tuple)):
        return [value] if isinstance(value, int) and value else []
    ids = []
    for one in value:
        if not isinstance(one, (list, tuple)):
            ids.append(one)
        elif one[0] in (Command.LINK, Command.UPDATE):
            ids.append(one[1])
        elif one[0] == Command.SET:
            ids += one[2]
    return ids
