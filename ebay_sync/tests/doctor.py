"""The doctor's tests share a healthy account and an eBay that says what it is told."""

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from types import SimpleNamespace
from unittest.mock import Mock, patch

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.ebay_sync.ebay_api.calls import Answer
from odoo.addons.ebay_sync.ebay_api.documents import Reply
from odoo.addons.ebay_sync.ebay_api.scopes import scopes_for
from odoo.addons.ebay_sync.ebay_api.signature import challenge_document
from odoo.addons.ebay_sync.flows.account import doctor_case

from .common import EbayCase

TOKEN = "verification-token-of-the-test-0123456789"
HEALTHY = {
    "identity": {"userId": "SIMUSER1", "username": "seller"},
    "orders": {"orders": []},
    "listings": {"locations": []},
    "account": {
        "sellerRegistrationCompleted": True,
        "sellingLimit": {
            "quantity": 500,
            "amount": {"value": "9000.0", "currency": "EUR"},
        },
    },
    "notifications": {"subscriptions": []},
    "payment_disputes": {"total": 0},
    "programs": {"programs": [{"programType": "SELLING_POLICY_MANAGEMENT"}]},
    "preferences": {"OutOfStockControlPreference": "true"},
    "rate_limits": {
        "rateLimits": [
            {
                "apiName": "inventory",
                "resources": [
                    {
                        "name": "sell.inventory",
                        "rates": [{"limit": 2000000, "remaining": 1999000}],
                    }
                ],
            }
        ]
    },
}


class Ebay:
    """An eBay whose answers are set by name; an exception is raised, a call made."""

    def __init__(self):
        self.replies = dict(HEALTHY)
        self.date = datetime.now(timezone.utc)
        self.webhook = None
        self.tokens = SimpleNamespace(user_token=self.token, app_token=self.token)
        self.refusal = None
        self.oauth = Mock()
        ask = self.asker
        self.client = SimpleNamespace(
            tokens=self.tokens,
            identity=Mock(get_user=ask("identity")),
            fulfillment=Mock(get_orders=ask("orders")),
            inventory=Mock(location_pages=ask("listings", pages=True)),
            account=Mock(
                get_privileges=ask("account"), get_opted_in_programs=ask("programs")
            ),
            notification=Mock(subscription_pages=ask("notifications", pages=True)),
            payment_disputes=Mock(
                get_payment_dispute_summaries=ask("payment_disputes")
            ),
            trading=Mock(get_user_preferences=ask("preferences")),
            analytics=Mock(get_rate_limits=ask("rate_limits")),
        )

    def token(self):
        if self.refusal:
            raise self.refusal
        return "v^1.1#held"

    def asker(self, name, pages=False):
        def answer(*_args, **_kwargs):
            document = self.replies[name]
            if isinstance(document, Exception):
                raise document
            if callable(document):
                document = document()
            headers = {"Date": format_datetime(self.date, usegmt=True)}
            reply = Reply(document, Answer(200, headers, b""))
            return iter([reply]) if pages else reply

        return answer

    def send(self, call, *_args):
        """The transport, which carries nothing here but the webhook's challenge."""
        return self.webhook(call)


class DoctorCase(EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.account.granted_scopes = " ".join(scopes_for(cls.account._features()))
        cls.account.refresh_expires_at = fields.Datetime.now() + timedelta(days=500)
        cls.env["ebay.secret"]._set(cls.account, "verification_token", TOKEN)
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("web.base.url", "https://shop.example.com")
        parameters.set_param("web.base.url.freeze", "True")
        cls.account._arm()
        cls.location = cls.env["ebay.location"].create(
            {
                "account_id": cls.account.id,
                "location_ref": "MAIN",
                "name": "Main warehouse",
                "warehouse_id": cls.env["stock.warehouse"].search([], limit=1).id,
            }
        )
        cls.crons = cls.account.schedule_ids.cron_id
        now = fields.Datetime.now()
        cls.crons.write({"lastcall": now, "nextcall": now + timedelta(minutes=5)})
        cls.administrator = new_test_user(
            cls.env,
            "ebay_administrator",
            groups="base.group_system,ebay_sync.group_ebay_manager",
        )

    def setUp(self):
        super().setUp()
        self.ebay = Ebay()
        self.ebay.webhook = self.right_answer
        account = type(self.env["ebay.account"])
        self.startPatcher(
            patch.object(account, "_client", lambda *a, **k: self.ebay.client)
        )
        self.startPatcher(
            patch.object(account, "_oauth", lambda *a, **k: self.ebay.oauth)
        )
        self.startPatcher(patch.object(doctor_case, "Transport", lambda **k: self.ebay))

    def right_answer(self, call):
        address, _, code = call.url.partition("?challenge_code=")
        document = challenge_document(code, TOKEN, address)
        body = str(document).replace("'", '"').encode()
        return Answer(200, {"Content-Type": "application/json"}, body)

    def examine(self, user=None):
        account = self.account.with_user(user or self.manager)
        action = account.action_doctor()
        return account.env["ebay.doctor"].browse(action["res_id"])

    def line(self, check, **kwargs):
        doctor = self.examine(**kwargs)
        return doctor.line_ids.filtered(lambda line: line.check == check)

    def assert_line(self, check, state, found="", advice=""):
        line = self.line(check)
        self.assertEqual(line.state, state, line.found)
        self.assertIn(found, line.found)
        if state in ("red", "amber"):
            self.assertTrue(line.advice, "trouble without a way out")
        self.assertIn(advice, line.advice or "")
        return line
