"""Who may see and do what; the robot's rights are enough, and no more."""

import json

from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from . import access_matrix
from .common import EbayCase


@tagged("post_install", "-at_install")
class TestAccessMatrix(EbayCase):
    """docs/security.md says what is so; a failure prints the rows to write there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "ebay_administrator",
            groups="base.group_system,ebay_sync.group_ebay_manager",
        )
        cls.roles = (
            cls.outsider,
            cls.user,
            cls.manager,
            cls.administrator,
            cls.robot,
        )

    def setUp(self):
        super().setUp()
        if not access_matrix.DOCUMENT.exists():
            self.skipTest("The addon was installed without its documentation")

    def assert_documented(self, title, rows):
        actual = "\n".join(rows)
        self.assertEqual(
            "\n".join(access_matrix.documented(title)),
            actual,
            f"The table '{title}' in docs/security.md should read:\n{actual}\n",
        )

    def test_the_rights_are_as_documented(self):
        self.assert_documented(
            "Rights on records",
            [
                access_matrix.row(
                    model,
                    [
                        access_matrix.rights(self.env, user, model)
                        for user in self.roles
                    ],
                )
                for model in access_matrix.stored_models(self.env)
            ],
        )

    def test_the_buttons_are_as_documented(self):
        self.assert_documented(
            "Buttons and what RPC can call",
            [
                access_matrix.row(
                    f"{model}.{method}",
                    [
                        access_matrix.is_allowed(
                            self.env, self.account, user, model, method
                        )
                        and "yes"
                        for user in self.roles
                    ],
                )
                for model, method in access_matrix.public_methods(self.env)
            ],
        )


@tagged("post_install", "-at_install")
class TestRpc(EbayCase, HttpCase):
    def call(self, model, method, *args):
        self.env.flush_all()
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"model": model, "method": method, "args": args, "kwargs": {}},
        }
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def assert_refused(self, answer, what):
        error = answer.get("error", {}).get("data", {}).get("name", "let in")
        self.assertEqual(error, "odoo.exceptions.AccessError", what)

    @mute_logger("odoo.http")
    def test_a_user_without_rights_is_refused_everywhere(self):
        self.authenticate("outsider", "outsider")
        for model, method in access_matrix.public_methods(self.env):
            records = access_matrix.example(
                self.env, self.account, model, self.outsider
            )
            with self.subTest(f"{model}.{method}"):
                answer = self.call(model, method, records.ids)
                self.assert_refused(answer, f"{model}.{method}")

    @mute_logger("odoo.http")
    def test_what_is_private_is_not_for_rpc(self):
        self.authenticate("admin", "admin")
        for model, method, *args in (
            ("ebay.secret", "_get", self.account.id, "client_secret"),
            ("ebay.secret", "_rotate"),
            ("ebay.token", "_store", self.account.id, "user", "x"),
            ("ebay.account", "_arm", [self.account.id]),
            ("ebay.account", "_client", [self.account.id]),
            ("ebay.doctor.checks", "_examine", self.account.id),
            ("ebay.connection", "_disconnect", self.account.id),
        ):
            self.assert_refused(self.call(model, method, *args), f"{model}.{method}")

    @mute_logger("odoo.http")
    def test_not_even_an_administrator_reads_a_secret_back(self):
        self.connect()
        self.authenticate("admin", "admin")
        answer = self.call("ebay.account", "read", [self.account.id], ["client_secret"])
        self.assertFalse(answer["result"][0]["client_secret"])
        for field in ("access_token", "refused_reason"):
            answer = self.call("ebay.token", "search_read", [], [field])
            self.assert_refused(answer, field)


@tagged("post_install", "-at_install")
class TestAccess(EbayCase):
    def test_the_robot_is_nobody_else(self):
        for group in (
            "base.group_system",
            "sales_team.group_sale_manager",
            "ebay_sync.group_ebay_manager",
        ):
            self.assertFalse(self.robot.has_group(group), group)

    def test_a_sales_administrator_is_an_ebay_manager(self):
        admin = self.env.ref("base.user_admin")
        self.assertTrue(admin.has_group("ebay_sync.group_ebay_manager"))

    def test_the_groups_can_be_chosen_on_the_users_form(self):
        for name in ("group_ebay_user", "group_ebay_manager"):
            group = self.env.ref(f"ebay_sync.{name}")
            place = group["privilege_id" if "privilege_id" in group else "category_id"]
            self.assertEqual(place.name, "eBay")

    def test_no_list_holds_what_its_reader_may_not_see(self):
        """An export of all fields would be refused as a whole."""
        looked_at = 0
        for user in (self.user, self.manager):
            env = self.env(user=user)
            readable = [
                model
                for name in env
                if name.startswith("ebay.")
                and (model := env[name])._auto
                and model.has_access("read")
            ]
            for model in readable:
                # of a single record Odoo shows the name, whoever reads it
                lists = model.fields_get(attributes=["relation", "type"])
                for name, field in lists.items():
                    comodel = field.get("relation", "")
                    if field["type"] == "one2many" and comodel.startswith("ebay."):
                        looked_at += 1
                        may = env[comodel].has_access("read")
                        self.assertTrue(may, f"{model._name}.{name}")
        self.assertGreater(looked_at, 20)

    def test_nobody_sees_another_companys_account(self):
        _company, account = self.second_company()
        with self.assertRaises(AccessError):
            account.with_user(self.manager).read(["name"])
        self.assertNotIn(
            account, self.env["ebay.account"].with_user(self.manager).search([])
        )

    def test_secrets_are_for_administrators_to_replace(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).write({"client_secret": "SBX-new"})
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).read(["client_secret"])
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).read(["armed_for"])

    def test_a_manager_opens_the_form_and_configures(self):
        with Form(self.account.with_user(self.manager)) as form:
            form.name = "Renamed"
            form.mode = "mirror"
        self.assertEqual(self.account.name, "Renamed")

    def test_a_user_changes_nothing(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).action_rearm()
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).action_connect()
        with self.assertRaises(AccessError):
            self.account.with_user(self.user).action_disconnect()
        with self.assertRaises(AccessError):
            self.account.schedule_ids[0].with_user(self.outsider).action_run_now()
