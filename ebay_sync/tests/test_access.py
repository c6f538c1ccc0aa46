"""Who may see and do what; the robot's rights are enough, and no more."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import EbayCase

MODELS = (
    "ebay.account",
    "ebay.category",
    "ebay.category.tree",
    "ebay.location",
    "ebay.marketplace",
    "ebay.policy",
    "ebay.schedule",
    "ebay.sync.log",
    "ebay.sync.log.line",
    "ebay.token",
)


@tagged("post_install", "-at_install")
class TestAccess(EbayCase):
    def rights(self, user, model):
        records = self.env[model].with_user(user)
        return "".join(
            letter
            for letter, operation in zip(
                "rwcd", ("read", "write", "create", "unlink"), strict=True
            )
            if records.has_access(operation)
        )

    def test_the_matrix(self):
        expected = {
            "ebay.account": ("r", "rwcd", "rw", ""),
            "ebay.category": ("r", "r", "rwc", ""),
            "ebay.category.tree": ("r", "r", "rwc", ""),
            "ebay.location": ("r", "rw", "rwc", ""),
            "ebay.policy": ("r", "r", "rwc", ""),
            "ebay.marketplace": ("r", "rwcd", "rc", ""),
            # to write is what Odoo asks of the user of a scheduled action
            "ebay.schedule": ("r", "rw", "rw", ""),
            "ebay.sync.log": ("r", "r", "r", ""),
            "ebay.sync.log.line": ("r", "r", "r", ""),
            "ebay.token": ("", "", "", ""),
        }
        users = (self.user, self.manager, self.robot, self.outsider)
        for model in MODELS:
            actual = tuple(self.rights(user, model) for user in users)
            self.assertEqual(actual, expected[model], model)

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
