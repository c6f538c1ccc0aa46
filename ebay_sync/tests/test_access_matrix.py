"""The matrix of rights: model x role x operation x field, each tried by a call.

What is expected comes from what is declared (access lists, record rules, fields'
groups, ``_people_set``); what happens comes from calls, as RPC makes them. What has no
row to be tried on, and what is called and is neither refused nor declared to be
harmless, fails. The sizes are logged, and stand in docs/security.md.
"""

import logging
from collections import Counter

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.engine.ebay_access_mixin import ON_CREATE, ON_WRITE
from ..models.stock_prices.ebay_override import LEVELS
from . import access_matrix
from .common import EbayCase
from .matrix_rows import ROWS, Place

try:
    from odoo.service.model import call_kw  # 19.0
except ImportError:
    from odoo.api import call_kw

_logger = logging.getLogger(__name__)
QUIET = (
    "odoo.sql_db",
    "odoo.models.unlink",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.ebay_sync.flows.doctor",
)
REFUSED, DONE, COMPLAINED = "refused", "done", "complained"
#: What is set with a new row besides what is required: it would be refused otherwise.
BESIDE = {"ebay.override": ("listing_id",)}
#: Of these only one is set.
INSTEAD = {"ebay.override": LEVELS}
#: Everybody's: rows of any account may name them.
SHARED = {
    "crm.tag",
    "ebay.category",
    "ebay.category.tree",
    "ebay.marketplace",
    "product.category",
    "res.country",
    "res.currency",
}


class Undo(Exception):
    """Takes back what a call has done."""


class MatrixCase(EbayCase):
    """Two places, of two companies, a second account of the first, and all roles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect(mode="live")
        cls.company_b, cls.account_b = cls.second_company()
        cls.twin = cls.env["ebay.account"].create({"name": "Twin"})
        of_b = {
            "company_id": cls.company_b.id,
            "company_ids": [Command.set(cls.company_b.ids)],
        }
        user, manager = "ebay_sync.group_ebay_user", "ebay_sync.group_ebay_manager"
        cls.roles = {
            "nobody": cls.outsider,
            "sales": cls.person("sales", "sales_team.group_sale_salesman_all_leads"),
            "stock": cls.person("stock", "stock.group_stock_user"),
            "user": cls.user,
            "manager": cls.manager,
            "user of another company": cls.person("user_b", user, **of_b),
            "manager of another company": cls.person("manager_b", manager, **of_b),
            "portal": cls.person("portal", "base.group_portal"),
            "public": cls.env.ref("base.public_user"),
            "system": cls.person("system", "base.group_system"),
        }
        cls.models = cls.guarded_models()

    def setUp(self):
        super().setUp()
        self.mine = Place(self.env, self.account, "mine")
        self.theirs = Place(self.env, self.account_b, "theirs")
        self.twins = Place(self.env, self.twin, "twins")

    @classmethod
    def person(cls, login, groups, **values):
        return new_test_user(cls.env, f"matrix_{login}", groups=groups, **values)

    @classmethod
    def guarded_models(cls):
        """The addon's own models, and those of Odoo that it puts fields on."""
        own = access_matrix.stored_models(cls.env)
        others = [
            name
            for name, model in cls.env.registry.items()
            if not name.startswith("ebay.")
            and not model._abstract
            and any(cls.is_put_on(field) for field in model._fields.values())
        ]
        return own + sorted(others)

    @staticmethod
    def is_put_on(field):
        ours = "ebay_sync" in (field._modules or ()) and field.name.startswith("ebay_")
        return ours and field.store and field.type != "one2many"

    def fields_of(self, model):
        """The fields to try: what is guarded, or all of what is only a query."""
        rows = self.env[model]
        if hasattr(rows, "_guarded"):
            return sorted(rows._guarded())
        return sorted(name for name in rows._fields if name not in ("id",))

    def try_call(self, user, model, method, *args, before=None):
        """What comes of a call by RPC, which is taken back: (outcome, what it said)."""
        self.env.clear()  # what another user has read is not checked again
        rows = self.env(user=user.id, su=False, context={})[model]
        try:
            with self.env.cr.savepoint(flush=False):
                if before:
                    before()
                    self.env.flush_all()
                call_kw(rows, method, list(args), {})
                self.env.flush_all()
                raise Undo
        except Undo:
            return DONE, ""
        except AccessError as error:
            return REFUSED, str(error)
        except Exception as error:  # what it complained of is for the caller to judge
            return COMPLAINED, f"{type(error).__name__}: {error}"
        finally:
            self.env.clear()

    @staticmethod
    def values_of(row):
        """What the row holds, as one writes it."""
        row = row.sudo()
        return {
            name: field.convert_to_write(row[name], row)
            for name, field in row._fields.items()
            if field.store and field.type != "one2many"
        }

    @staticmethod
    def declared(rows, field):
        """Who may set the field: groups on create and on write."""
        guarded = rows._guarded() if hasattr(rows, "_guarded") else {}
        return guarded.get(field, (False, False))

    def required(self, row):
        """What a new row like this one needs besides the field that is tried."""
        values, fields = self.values_of(row), row._fields
        beside = BESIDE.get(row._name, ())
        return {
            name: value
            for name, value in values.items()
            if name in beside
            or (fields[name].required and self.declared(row, name)[ON_CREATE])
        }

    def room_for(self, row):
        """Takes a row away, for another one with the same values."""
        row = row.sudo()
        if row._name == "ebay.account":
            return None
        if row._name == "ebay.marketplace":
            return lambda: row.write({"code": "EBAY_OTHER"})
        return row.unlink

    @staticmethod
    def tell(what, counted):
        """Log how many calls there were, and what came of them."""
        parts = ", ".join(f"{count} {name}" for name, count in counted.items())
        _logger.info("Access matrix, %s: %s calls (%s)", what, counted.total(), parts)

    def assert_none(self, what, found):
        more = len(found) - 40
        shown = "\n".join(map(str, found[:40])) + (f"\n... {more}" * (more > 0))
        if found:
            self.fail(f"{len(found)} {what}:\n{shown}")


@tagged("post_install", "-at_install")
class TestFieldMatrix(MatrixCase):
    """Every field of every model, by everybody, in every way."""

    @mute_logger(*QUIET)
    def test_every_field_is_read_and_set_by_whom_it_is_declared(self):
        undecided = [name for name in self.models if name not in ROWS]
        self.assert_none("models without a row in matrix_rows.py", undecided)
        wrong, counted = [], Counter()
        for model in self.models:
            for role, user in self.roles.items():
                for operation, field, said, words in self.tried(model, user):
                    counted[f"{operation} {said}"] += 1
                    if said != self.expected:
                        wrong.append((model, role, operation, field, said, words[:90]))
        self.tell("fields", counted)
        self.assert_none("calls did not end as declared", wrong)
        self.assertGreater(counted.total(), 10_000)

    def tried(self, model, user):
        """Each call on a model by a user, and what came of it.

        What is expected of it stands in ``expected`` meanwhile.
        """
        rows = self.env[model]
        # of wizards, a row of the user's own or of a colleague's
        own = user in (self.user, self.manager)
        row = self.mine.row(model, user if own else self.manager)
        self.env.flush_all()
        values = self.values_of(row)
        required = self.required(row)
        lawful = {
            operation: self.is_lawful(model, user, operation, row)
            for operation in access_matrix.OPERATIONS
        }
        ids = row.ids
        for name in self.fields_of(model):
            value = values.get(name, False)
            for operation, *args in (
                ("read", ids, [name]),
                ("write", ids, {name: value}),
                ("create", {**required, name: value}),
            ):
                may = lawful[operation] and self.is_declared(
                    rows, user, operation, name
                )
                self.expected = DONE if may else REFUSED
                before = may and operation == "create" and self.room_for(row)
                yield (
                    operation,
                    name,
                    *self.try_call(user, model, operation, *args, before=before),
                )
        if model.startswith("ebay."):
            self.expected = DONE if lawful["unlink"] else REFUSED
            yield "unlink", "", *self.try_call(user, model, "unlink", ids)

    def is_declared(self, rows, user, operation, field):
        """Whether the field's groups and ``_people_set`` let this user do it."""
        groups = rows._fields[field].groups
        if groups and not user.has_groups(groups):
            return False
        if operation == "read":
            return True
        when = ON_CREATE if operation == "create" else ON_WRITE
        group = self.declared(rows, field)[when]
        return bool(group) and user.has_group(group)

    def is_lawful(self, model, user, operation, row):
        """Whether access lists and record rules let this user do it to this row."""
        lists = self.env["ir.model.access"].search(
            [("model_id.model", "=", model), (f"perm_{operation}", "=", True)]
        )
        names = lists.group_id.get_external_id()
        if not any(
            not one.group_id or user.has_group(names[one.group_id.id]) for one in lists
        ):
            return False
        rules = self.env["ir.rule"].with_user(user)
        domain = rules._compute_domain(model, operation)
        return not domain or bool(row.sudo().filtered_domain(domain))


@tagged("post_install", "-at_install")
class TestReferenceMatrix(MatrixCase):
    """No row names what belongs to another company or to another account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.person(
            "both",
            "ebay_sync.group_ebay_manager",
            company_ids=[Command.set((cls.env.company | cls.company_b).ids)],
        )

    @mute_logger(*QUIET)
    def test_every_reference_is_refused_to_what_is_foreign(self):
        wrong, counted, undecided = [], Counter(), []
        for model in self.models:
            rows = self.env[model]
            if not hasattr(rows, "_references"):
                continue
            for name in sorted(rows._references()):
                comodel = rows._fields[name].comodel_name
                if not any(self.declared(rows, name)) or comodel in SHARED:
                    continue
                if comodel not in ROWS or not self.belongs(comodel):
                    undecided.append((model, name, comodel))
                    continue
                for who, operation, foreign, said, words in self.tried(model, name):
                    counted[f"{operation} {said}"] += 1
                    if said != REFUSED and not self.is_about_place(words):
                        wrong.append(
                            (model, name, who, operation, foreign, said, words[:90])
                        )
        self.tell("references", counted)
        self.assert_none("references to what nobody has decided about", undecided)
        self.assert_none("foreign rows were let in", wrong)
        self.assertGreater(counted.total(), 100)

    @staticmethod
    def is_about_place(words):
        """Whether a complaint is about company or account, ours or Odoo's own."""
        return "another eBay account" in words or "compan" in words

    def belongs(self, comodel):
        """Whether rows of a model belong to a company or an account."""
        rows = self.env[comodel]
        return comodel in ("res.company", "ebay.account") or (
            "company_id" in rows._fields
            or (hasattr(rows, "_has_account") and rows._has_account())
        )

    @staticmethod
    def says_where(rows, name):
        """Whether the field says of which company a row is, as whoever may work for
        several may choose."""
        company = rows._fields.get("company_id")
        way = (company and company.related) or "company_id"
        return name in (way.split(".")[0], rows._account_path.split(".")[0])

    def tried(self, model, name):
        """Each foreign row put into a field, on write and on create."""
        rows = self.env[model]
        field = rows._fields[name]
        on_create, on_write = self.declared(rows, name)
        has_account = hasattr(self.env[field.comodel_name], "_has_account") and (
            self.env[field.comodel_name]._has_account()
        )
        says_where = self.says_where(rows, name)
        for user in (self.manager,) if says_where else (self.manager, self.both):
            row = self.mine.row(model, user)
            places = [self.theirs]
            if has_account and not says_where:
                places.append(self.twins)
            required = self.required(row)
            for place in places:
                foreign = place.row(field.comodel_name, user)
                self.env.flush_all()
                value = (
                    foreign.id
                    if field.type == "many2one"
                    else [Command.link(foreign.id)]
                )
                values = {**dict.fromkeys(INSTEAD.get(model, ()), False), name: value}
                calls = [("write", row.ids, values)] if on_write else []
                if on_create:
                    calls.append(("create", {**required, **values}))
                for operation, *args in calls:
                    before = operation == "create" and self.room_for(row)
                    said, words = self.try_call(
                        user, model, operation, *args, before=before
                    )
                    yield user.login, operation, place.name, said, words

    @mute_logger(*QUIET)
    def test_flows_mix_no_accounts_either(self):
        wrong, counted = [], Counter()
        for model in self.models:
            rows = self.env[model]
            if not hasattr(rows, "_has_account") or not rows._has_account():
                continue
            names = rows._references_to_accounts()
            for name in sorted(names):
                foreign = self.twins.row(rows._fields[name].comodel_name)
                row = self.mine.row(model, self.manager).sudo()
                self.env.flush_all()
                counted["write"] += 1
                if not self.is_refused(row, {name: foreign.id}):
                    wrong.append((model, name))
        self.tell("references of flows", counted)
        self.assert_none("references of flows go to another account", wrong)
        self.assertGreater(counted.total(), 10)

    def is_refused(self, row, values):
        try:
            with self.env.cr.savepoint(flush=False):
                row.write(values)
                raise Undo
        except ValidationError:
            return True
        except Undo:
            return False
        finally:
            self.env.clear()

    @mute_logger(*QUIET)
    def test_no_list_of_a_row_takes_in_what_is_foreign(self):
        """Through a parent's list nothing is moved, changed or deleted over there."""
        wrong, counted = [], Counter()
        for model, name in self.lists():
            comodel = self.env[model]._fields[name].comodel_name
            for user in (self.user, self.manager):
                row = self.mine.row(model, user)
                theirs, twins = (
                    place.row(comodel, user) for place in (self.theirs, self.twins)
                )
                self.env.flush_all()
                for command in (
                    Command.link(theirs.id),
                    Command.link(twins.id),
                    Command.set(theirs.ids),
                    Command.update(theirs.id, {"id": theirs.id}),
                    Command.delete(theirs.id),
                ):
                    said, words = self.try_call(
                        user, model, "write", row.ids, {name: [command]}
                    )
                    counted[said] += 1
                    if said != REFUSED:
                        wrong.append(
                            (model, name, user.login, command, said, words[:90])
                        )
        self.tell("lists", counted)
        self.assert_none("lists took in what is foreign", wrong)
        self.assertGreater(counted.total(), 100)

    def lists(self):
        """The lists of the addon's rows, on whatever model: ``(model, field)``."""
        for model, rows in self.env.registry.items():
            if rows._abstract:
                continue
            for name, field in rows._fields.items():
                ours = "ebay_sync" in (field._modules or ())
                theirs = set(self.models) - SHARED
                if ours and field.type == "one2many" and field.comodel_name in theirs:
                    yield model, name


@tagged("post_install", "-at_install")
class TestMethodMatrix(MatrixCase):
    """No public method does or tells anything to whom the row is not for."""

    @mute_logger(*QUIET)
    def test_every_public_method_is_refused_to_strangers(self):
        wrong, counted, undecided = [], Counter(), set()
        for model, method in access_matrix.public_methods(self.env):
            if model not in ROWS:
                undecided.add(model)
                continue
            for role, user in self.roles.items():
                if user in (self.user, self.manager):
                    continue  # docs/security.md says what they may
                if model in SHARED and "another company" in role:
                    continue  # the same
                row = self.mine.row(model, self.manager)
                self.env.flush_all()
                said, words = self.try_call(user, model, method, row.ids)
                counted[said] += 1
                if said != REFUSED:
                    wrong.append((model, method, role, said, words[:90]))
        self.tell("methods", counted)
        self.assert_none("models without a row in matrix_rows.py", sorted(undecided))
        self.assert_none("calls of strangers were let in", wrong)
        self.assertGreater(counted.total(), 700)

    @mute_logger(*QUIET)
    def test_no_foreign_row_comes_along_with_an_own_one(self):
        """What is called of several rows is refused when one of them is foreign."""
        wrong, counted = [], Counter()
        for model, method in access_matrix.public_methods(self.env):
            if model in SHARED:
                continue
            for user in (self.user, self.manager):
                mine = self.mine.row(model, user)
                theirs = self.theirs.row(
                    model, self.roles["manager of another company"]
                )
                self.env.flush_all()
                ids = [mine.id, theirs.id]
                said, words = self.try_call(user, model, method, ids)
                counted[said] += 1
                if said == DONE:
                    wrong.append((model, method, user.login, words))
        self.tell("methods of several rows", counted)
        self.assert_none("calls took a foreign row along", wrong)
        self.assertGreater(counted.total(), 150)
