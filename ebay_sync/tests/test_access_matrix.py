"""Every model, role, operation and field, tried by calls, as the models declare it.

Nothing is listed here: a new model, field or public method is tried as soon as it is
there, and what it should allow is what stands beside it (``ebay_access_mixin.py``).
"""

from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.models.engine.ebay_access_mixin import ON_CREATE, ON_WRITE

from . import access_matrix
from .access_matrix import Undo
from .common import EbayCase

ROLES = {
    "none": "base.group_user",
    "sales": "sales_team.group_sale_salesman_all_leads",
    "stock": "stock.group_stock_manager",
    "user": "ebay_sync.group_ebay_user",
    "manager": "ebay_sync.group_ebay_manager",
    "system": "base.group_system",
    "portal": "base.group_portal",
    "public": "base.group_public",
    "user of B": "ebay_sync.group_ebay_user",
    "manager of B": "ebay_sync.group_ebay_manager",
}
# What all companies share: the rows of eBay's own sites, and carriers without company.
SHARED = {"ebay.marketplace", "ebay.category", "ebay.category.tree", "ebay.carrier"}


@tagged("post_install", "-at_install")
class TestAccessMatrix(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect(mode="live")
        cls.company_b, cls.account_b = cls.second_company()
        cls.people = {role: cls.person(role, groups) for role, groups in ROLES.items()}
        cls.examples = {}
        cls.calls = 0
        partner = cls.env["res.partner"].create({"name": "Buyer"})
        cls.sale = cls.env["sale.order"].create(
            {"partner_id": partner.id, "ebay_account_id": cls.account.id}
        )

    @classmethod
    def person(cls, role, groups):
        company = cls.company_b if role.endswith(" of B") else cls.env.company
        return new_test_user(
            cls.env,
            f"matrix {role}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def guarded_models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if hasattr(model, "_guarded") and not model._abstract and model._auto
        )

    def example(self, model):
        """A row of company A, of a model; what is written to it is its own value."""
        if model not in self.examples:
            found = {
                "sale.order": lambda: self.sale,
                "sale.order.line": self.a_line,
                "stock.picking": self.a_picking,
                "res.partner": lambda: self.sale.partner_id,
                "res.country": lambda: self.env.ref("base.de"),
            }.get(model, lambda: self.of_addon(model))()
            self.env.flush_all()
            type(self).examples[model] = found[:1]
        return self.examples[model]

    def of_addon(self, model):
        mine = self.env[model]
        if "account_id" in mine._fields and not mine._transient:
            if found := mine.search([("account_id", "=", self.account.id)], limit=1):
                return found
        if model == "ebay.issue":
            return mine.create({"account_id": self.account.id, "code": "x"})
        return access_matrix.example(
            self.env, self.account, model, self.people["manager"]
        )

    def a_line(self):
        product = self.env["product.product"].create({"name": "Mug"})
        return self.env["sale.order.line"].create(
            {"order_id": self.sale.id, "product_id": product.id}
        )

    def a_picking(self):
        kind = self.env["stock.picking.type"].search([("code", "=", "outgoing")])[:1]
        return self.env["stock.picking"].create({"picking_type_id": kind.id})

    @contextmanager
    def undone(self):
        """Takes back what is done inside, and lets errors out."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
                raise Undo
        except Undo:
            pass
        finally:
            self.env.invalidate_all()

    def is_let_in(self, call, expected):
        """Whether a call passes the access checks, whatever it finds behind them."""
        type(self).calls += 1
        try:
            if not expected:  # refused before anything is written
                call()
                return True
            with self.undone():
                call()
        except AccessError:
            return False
        except Exception:
            return True
        return True

    def value(self, record, name):
        return record._fields[name].convert_to_write(record[name], record)

    def assert_as_declared(self, what, wrong):
        self.assertFalse(
            wrong,
            f"{what}: not as `_people_set` of the models declares it:\n"
            + "\n".join(sorted(wrong)),
        )

    # -- everything is decided ---------------------------------------------------------

    def test_every_model_with_fields_of_ours_is_guarded(self):
        for name, model in self.env.registry.items():
            if model._abstract or not model._auto:
                continue
            stored = [
                field
                for field in model._fields.values()
                if field.store
                and field.type != "one2many"
                and (name.startswith("ebay.") or field.name.startswith("ebay_"))
            ]
            if stored:
                self.assertTrue(hasattr(model, "_guarded"), name)

    def test_what_is_declared_exists(self):
        for name in self.guarded_models():
            unknown = self.env[name]._guarded().keys() - self.env[name]._fields.keys()
            self.assertFalse(unknown, name)

    # -- every field -------------------------------------------------------------------

    def test_every_field_is_written_by_whom_it_says(self):
        wrong = set()
        for model in self.guarded_models():
            row = self.example(model)
            values = {name: self.value(row.sudo(), name) for name in row._guarded()}
            for role, user in self.people.items():
                mine = row.with_user(user).sudo(False)
                may = mine.has_access("write")
                settable = mine._settable(ON_WRITE)
                for name, value in values.items():
                    expected = may and name in settable
                    done = self.is_let_in(
                        lambda mine=mine, name=name, value=value: mine.write(
                            {name: value}
                        ),
                        expected,
                    )
                    if done != expected:
                        wrong.add(f"write {model}.{name} as {role}: {done}")
        self.assert_as_declared("write", wrong)
        self.assertGreater(self.calls, 3000)

    def test_every_field_is_first_set_by_whom_it_says(self):
        wrong = set()
        for model in self.guarded_models():
            row = self.example(model)
            values = {name: self.value(row.sudo(), name) for name in row._guarded()}
            for role, user in self.people.items():
                Model = self.env[model].with_user(user).sudo(False)
                may = Model.has_access("create")
                settable = Model._settable(ON_CREATE)
                for name, value in values.items():
                    expected = may and name in settable
                    if expected:  # tried by the tests of what it is good for
                        continue
                    done = self.is_let_in(
                        lambda Model=Model, name=name, value=value: Model.create(
                            {name: value}
                        ),
                        expected,
                    )
                    if done:
                        wrong.add(f"create {model}.{name} as {role}")
        self.assert_as_declared("create", wrong)

    def test_nothing_comes_in_through_a_parent(self):
        manager = self.people["manager"]
        wrong = set()
        for model in self.guarded_models():
            parent = self.example(model)
            mine = parent.with_user(manager).sudo(False)
            if not mine.has_access("write"):
                continue
            for name, field in parent._fields.items():
                if field.type != "one2many" or not (
                    field.comodel_name in self.env
                    and hasattr(self.env[field.comodel_name], "_guarded")
                ):
                    continue
                child = self.env[field.comodel_name].with_user(manager).sudo(False)
                kept = sorted(child._guarded().keys() - child._settable(ON_WRITE))
                row = self.example(field.comodel_name)
                if not kept or not field.store and not field.inverse:
                    continue
                command = Command.update(row.id, {kept[0]: False})
                if self.is_let_in(
                    lambda mine=mine, name=name, command=command: mine.write(
                        {name: [command]}
                    ),
                    False,
                ):
                    wrong.add(f"{model}.{name}: {kept[0]}")
        self.assert_as_declared("through a parent", wrong)

    # -- every method, with foreign ids ------------------------------------------------

    def test_no_method_takes_what_another_company_owns(self):
        wrong = set()
        for model, method in access_matrix.public_methods(self.env):
            if model in SHARED or self.env[model]._transient:
                continue
            if not model.startswith("ebay.") or not self.env[model]._auto:
                continue
            row = self.example(model)
            for role in ("user of B", "manager of B", "portal", "public"):
                mine = row.with_user(self.people[role]).sudo(False)
                self.env.invalidate_all()
                if self.is_let_in(lambda m=mine, name=method: getattr(m, name)(), True):
                    wrong.add(f"{model}.{method} as {role}")
        self.assert_as_declared("foreign ids", wrong)
