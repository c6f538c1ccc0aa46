"""Whatever is entered into an account: it is refused with a reason, or is harmless."""

from psycopg2 import DataError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EbayCase

TEXTS = [
    '"><script>alert(1)</script>',
    "'; DROP TABLE ebay_account; --",
    "%s %(x)s {0} ${7*7} {{7*7}}",
    "line\r\nSet-Cookie: a=b",
    "../../../etc/passwd",
    "\u202eekil edis thgir eht\u2066",
    "__import__('os').system('id')",
    "[" * 5000,
    "🦄" * 20_000,
]
NUMBERS = [-1, -(2**31), 2**31 - 1, 10**12]
REFUSALS = (UserError, DataError)  # DataError: no number that PostgreSQL takes


@tagged("post_install", "-at_install")
class TestHostileSettings(EbayCase):
    def settings(self, *types):
        """The names of the fields of these types that a manager can write."""
        fields = self.env["ebay.account"].with_user(self.manager).fields_get()
        return [
            name
            for name, field in fields.items()
            if field["type"] in types and field["store"] and not field["readonly"]
        ]

    def refuses(self, name, value):
        """Whether a manager's value is refused."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.account.with_user(self.manager).write({name: value})
                self.env.flush_all()
        except REFUSALS:
            self.env.invalidate_all()
            return True
        return False

    def accepted(self, names, value):
        """The fields that took a value; the account works with all of them."""
        before = self.account.read(names, load="")[0]
        taken = [name for name in names if not self.refuses(name, value)]
        self.work()
        self.account.write({name: before[name] for name in taken})
        return taken

    def test_texts(self):
        names = self.settings("char", "text")
        self.assertGreater(len(names), 5)
        for text in TEXTS:
            with self.subTest(text=text[:40]):
                self.assertIn("name", self.accepted(names, text))

    def test_numbers(self):
        names = set(self.settings("integer")) - {"sequence"}
        self.assertGreater(len(names), 10)
        for number in NUMBERS:
            with self.subTest(number=number):
                taken = self.accepted(list(names), number)
                self.assertFalse(number < 0 and taken, "negative numbers")

    def test_keys_are_checked_at_the_field(self):
        for name in ("app_ref", "ru_name"):
            for text in TEXTS:
                self.assertTrue(self.refuses(name, text), f"{name}: {text[:40]}")
        admin = self.account.with_user(self.env.ref("base.user_admin"))
        for text in TEXTS:
            with self.assertRaises(UserError):
                admin.write({"client_secret": text})

    def work(self):
        """What is done with an account every day: its form, buttons, and its rules."""
        account = self.account.with_user(self.manager)
        Form(account)
        account.action_connect()
        account.action_doctor()
        self.connect()
        log = self.run_flow("housekeeping")
        self.assertEqual(log.state, "done", log.message)
        self.account.write({"state": "draft", "user_ref": False})
