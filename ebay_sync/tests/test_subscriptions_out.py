"""The set-up of notifications: made once, left alone when right, repaired when not."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import Transient
from odoo.addons.ebay_sync.models.account import public_keys

from .common import EbayCase
from .fake_notification import FakeNotification, refusal
from .pushes import KID, PEM, PushMixin, order_push

RUN_LOG = "odoo.addons.ebay_sync.flows.engine.run"


@tagged("post_install", "-at_install")
class TestSubscriptionsOut(PushMixin, EbayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect()
        cls.account.company_id.email = "shop@example.com"
        cls.account.use_notifications = True

    def setUp(self):
        super().setUp()
        self.ebay = FakeNotification()
        tokens = SimpleNamespace(user_token=lambda: "v^1.1#access")
        client = SimpleNamespace(notification=self.ebay, read_only=True, tokens=tokens)
        self.startPatcher(
            patch.object(
                type(self.env["ebay.account"]), "_client", lambda *a, **k: client
            )
        )
        self.client = client
        self.host = self.account._hosts().api
        self.keys = self.env["ebay.public.key"]
        self.keys._keep(self.host, KID, PEM)

    def age_keys(self):
        self.keys._of(self.host).confirmed_at = datetime.now() - timedelta(hours=1)

    def work(self):
        self.ebay.calls.clear()
        return self.run_flow("subscriptions_out")

    def names(self):
        return [call[0] for call in self.ebay.calls]

    def states(self):
        return {one.topic: one.state for one in self.account.subscription_ids}

    def issues(self):
        return (
            self.env["ebay.issue"]
            .search([("account_id", "=", self.account.id), ("state", "=", "open")])
            .mapped("code")
        )

    def test_everything_is_set_up_and_then_left_alone(self):
        log = self.work()
        self.assertEqual(log.state, "done")
        self.assertEqual(
            self.ebay.calls,
            [
                ("updateConfig", "shop@example.com"),
                ("createDestination", self.account.webhook_url),
                ("createSubscription", "ORDER_CONFIRMATION", "1.10"),
                ("createSubscription", "AUTHORIZATION_REVOCATION", "1.0"),
            ],
        )
        self.assertEqual(
            self.states(),
            {
                "ORDER_CONFIRMATION": "on",
                "AUTHORIZATION_REVOCATION": "on",
                "MARKETPLACE_ACCOUNT_DELETION": "portal",
            },
        )
        self.assertEqual(self.account.destination_status, "ENABLED")
        self.assertTrue(self.account.has_verification_token)
        log = self.work()
        self.assertFalse(self.ebay.calls)
        self.assertEqual(log.updated_count, 0)

    def test_ebays_key_is_known_before_the_first_push(self):
        """Which it is only a push says, so a sample is asked for once."""
        self.keys._drop(self.host, KID)
        self.work()
        self.assertEqual(self.names()[-1], "testSubscription")
        self.take(order_push("12-1"))
        self.assertEqual(self.keys._of(self.host).key_ref, KID)
        self.work()
        self.assertFalse(self.ebay.calls)
        public_keys._keys.clear()
        self.key_error = Transient("down")
        self.take(order_push("12-2"))
        self.assertEqual(self.fetched, [KID])

    def test_ebays_keys_are_renewed_every_day_and_go_when_ebay_says_so(self):
        for flow in ("subscriptions_out", "tokens"):
            with self.subTest(flow):
                self.age_keys()
                before = self.keys._of(self.host).confirmed_at
                self.ebay.keys = {KID: PEM}
                self.run_flow(flow)
                self.assertGreater(self.keys._of(self.host).confirmed_at, before)
        self.age_keys()
        self.ebay.refused["getPublicKey"] = Transient("eBay is down")
        self.assertEqual(self.run_flow("tokens").state, "done")
        self.assertTrue(self.keys._of(self.host), "no news is no refusal")
        self.ebay.refused.clear()
        self.ebay.keys = {}
        self.run_flow("tokens")
        self.assertFalse(self.keys._of(self.host))

    def test_a_mirror_may_subscribe_but_a_copy_may_not(self):
        self.work()
        self.assertFalse(self.client.read_only)
        self.account.sudo().armed_for = "elsewhere"
        self.work()
        self.assertTrue(self.client.read_only)

    def test_what_is_not_wanted_is_not_set_up(self):
        self.account.use_notifications = False
        self.work()
        self.assertFalse(self.ebay.calls)

    def test_the_alert_address_of_the_keyset_is_kept_unless_one_is_given(self):
        self.ebay.email = "other@example.com"
        self.work()
        self.assertEqual(self.ebay.email, "other@example.com")
        self.account.notification_email = "alerts@example.com"
        self.work()
        self.assertEqual(self.ebay.calls, [("updateConfig", "alerts@example.com")])

    def test_an_address_that_ebay_gave_up_is_noticed_and_repaired(self):
        self.work()
        [destination] = self.ebay.destinations.values()
        destination["status"] = "MARKED_DOWN"
        self.work()
        ref = self.account.destination_ref
        self.assertEqual(self.ebay.calls, [("updateDestination", ref, "ENABLED")])
        self.assertIn("stopped using our webhook", self.account.message_ids[0].body)

    def test_a_new_address_or_token_is_told_to_ebay(self):
        self.work()
        self.account.action_new_webhook_key()
        self.work()
        self.assertEqual(self.names(), ["updateDestination"])
        [destination] = self.ebay.destinations.values()
        self.assertEqual(
            destination["deliveryConfig"]["endpoint"], self.account.webhook_url
        )
        del destination["deliveryConfig"]["verificationToken"]
        self.account._make_verification_token()
        self.work()
        self.assertEqual(self.names(), ["updateDestination"])

    def test_a_destination_whose_making_nobody_heard_of_is_found_again(self):
        self.work()
        self.account.write({"destination_ref": False, "destination_mark": False})
        self.work()
        self.assertEqual(len(self.ebay.destinations), 1)
        self.assertEqual(self.names(), ["updateDestination"])

    def test_what_was_deleted_or_disabled_at_ebay_comes_back(self):
        self.work()
        [(ref, one)] = self.ebay.subscriptions[True].items()
        one["status"] = "DISABLED"
        self.ebay.subscriptions[False].clear()
        self.work()
        self.assertEqual(self.names(), ["updateSubscription", "createSubscription"])
        self.assertEqual(self.ebay.subscriptions[True][ref]["status"], "ENABLED")
        self.ebay.destinations.clear()
        self.work()
        self.assertIn("createDestination", self.names())

    def test_a_subscription_of_a_sibling_account_is_left_to_it(self):
        _company, sibling = self.second_company()
        sibling.destination_ref = "destination-of-sibling"
        self.ebay.subscriptions[False]["s-1"] = {
            "subscriptionId": "s-1",
            "topicId": "AUTHORIZATION_REVOCATION",
            "status": "ENABLED",
            "destinationId": "destination-of-sibling",
        }
        self.work()
        self.assertNotIn("updateSubscription", self.names())
        self.assertEqual(self.states()["AUTHORIZATION_REVOCATION"], "on")

    def test_a_feature_brings_its_topic_and_takes_it_away(self):
        self.account.write({"use_return_topics": True, "use_cancellation_topics": True})
        self.work()
        self.assertEqual(self.states()["ORDER_RETURN_ACTIVITY"], "on")
        self.assertEqual(self.states()["ORDER_CANCELLATION_ACTIVITY"], "not_offered")
        self.account.write(
            {"use_return_topics": False, "use_cancellation_topics": False}
        )
        self.work()
        self.assertEqual(self.names(), ["deleteSubscription"])
        self.assertEqual(self.states()["ORDER_RETURN_ACTIVITY"], "off")

    def test_a_refused_topic_is_told_and_closes_itself(self):
        self.ebay.refused["createSubscription"] = refusal("195011", 403)
        log = self.work()
        self.assertEqual(log.state, "done")
        self.assertEqual(self.states()["ORDER_CONFIRMATION"], "refused")
        self.assertEqual(set(self.issues()), {"topic_refused"})
        self.ebay.refused.clear()
        self.work()
        self.assertFalse(self.issues())

    @mute_logger(RUN_LOG)
    def test_a_failed_challenge_is_told_in_the_inbox_and_closes_itself(self):
        self.ebay.refused["createDestination"] = refusal("195020")
        self.work()
        self.assertEqual(self.issues(), ["webhook_unreachable"])
        self.assertFalse(self.account.destination_ref)
        self.ebay.refused.clear()
        self.work()
        self.assertFalse(self.issues())

    @mute_logger(RUN_LOG)
    def test_without_any_alert_address_one_is_asked_for(self):
        self.account.company_id.email = False
        self.env["res.users"].search([]).partner_id.email = False
        self.work()
        self.assertEqual(self.issues(), ["notifications_refused"])

    @mute_logger("odoo.addons.ebay_sync.flows.engine.run")
    def test_ebay_being_down_changes_nothing(self):
        self.work()
        self.ebay.get_config = lambda: (_ for _ in ()).throw(Transient("down"))
        log = self.work()
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.destination_status, "ENABLED")
        self.assertFalse(self.issues())

    def test_stop_disables_the_address_once(self):
        self.work()
        self.account.with_user(self.manager).action_stop_notifications()
        self.work()
        ref = self.account.destination_ref
        self.assertEqual(self.ebay.calls, [("updateDestination", ref, "DISABLED")])
        self.work()
        self.assertFalse(self.ebay.calls)
        self.account.with_user(self.manager).action_set_up_notifications()
        self.work()
        self.assertIn(("updateDestination", ref, "ENABLED"), self.ebay.calls)

    def test_the_test_button_asks_for_a_sample_and_shows_that_it_came(self):
        self.work()
        self.account.with_user(self.manager).action_test_notifications()
        self.work()
        self.assertEqual(self.names(), ["testSubscription"])
        self.assertEqual(self.account.notification_test_state, "sent")
        self.account.notification_test_at = self.env.cr.now().replace(microsecond=0)
        self.take(order_push("00-00000-00000"))
        self.run_flow("notifications_in")
        self.assertEqual(self.account.notification_test_state, "came")
        self.assertFalse(self.env["ebay.order"].search([("order_ref", "like", "00-")]))

    def test_a_refused_test_says_why(self):
        self.work()
        self.ebay.refused["testSubscription"] = refusal("2003", 500)
        self.account.action_test_notifications()
        self.work()
        self.assertEqual(self.account.notification_test_state, "refused")
        self.assertIn("2003", self.account.notification_message)

    def test_the_form_shows_it_to_managers(self):
        self.work()
        with Form(self.account.with_user(self.manager)) as form:
            self.assertEqual(form.destination_status, "ENABLED")
            form.notification_email = "alerts@example.com"
