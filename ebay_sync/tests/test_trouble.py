"""One table says what an error means; one API's trouble leaves the others at work."""

import json
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import Mock, patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api import errors
from odoo.addons.ebay_sync.ebay_api.calls import Answer, Call, CallRecord
from odoo.addons.ebay_sync.ebay_api.verdict import check_answer
from odoo.addons.ebay_sync.flows.engine.trouble import (
    POLICY,
    Reach,
    Tried,
    is_foreseen,
    may_be_done,
    outcome,
    verdict,
)
from odoo.addons.ebay_sync.mapping.values.errors import MappingError

from .common import token
from .reference import FakeReference, node
from .stock_case import StockCase

RUN = "odoo.addons.ebay_sync.flows.engine.run"
ACCOUNT = "odoo.addons.ebay_sync.models.account.connection"
STORY = (
    Path(__file__).resolve().parents[2]
    / "fixtures/cases/orders/one_forbidden_call_stops_the_account.json"
)
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)


def unreadable(api="inventory", call="bulkUpdatePriceQuantity"):
    return errors.ContractError(
        f"eBay's answer is no JSON ({call})", api=api, call=call, request_id="ri=7"
    )


def forbidden(api="fulfillment", call="getOrders"):
    return errors.Forbidden(
        f"The consent does not cover this call (1100, {call})",
        status=403,
        api=api,
        call=call,
    )


@tagged("post_install", "-at_install")
class TestPolicy(BaseCase):
    """The table itself."""

    def test_what_each_kind_ends(self):
        for error, reach, state in (
            (SerializationFailure(), Reach.RUN, "interrupted"),
            (errors.AuthError(), Reach.RUN, "failed"),
            (errors.WritesRefused(), Reach.RUN, "failed"),
            (errors.RateLimited(), Reach.PART, "throttled"),
            (errors.Forbidden(), Reach.PART, "failed"),
            (errors.CircuitOpen(), Reach.PART, "failed"),
            (errors.Transient(), Reach.RECORD, "failed"),
            (errors.ContractError(), Reach.RECORD, "failed"),
            (errors.Rejected(), Reach.RECORD, "failed"),
            (errors.InvalidArgument(), Reach.RECORD, "failed"),
            (MappingError("$.x", 1, "no"), Reach.RECORD, "failed"),
            (UserError("no"), Reach.RECORD, "failed"),
            (KeyError("x"), Reach.RECORD, "failed"),
        ):
            with self.subTest(error=type(error).__name__):
                self.assertEqual(verdict(error).reach, reach)
                self.assertEqual(verdict(error).state, state)

    def test_every_kind_of_the_client_is_in_the_table(self):
        listed = [kinds for kinds, _meaning in POLICY]
        kinds = [
            kind
            for kind in vars(errors).values()
            if isinstance(kind, type) and issubclass(kind, errors.EbayError)
        ]
        for kind in kinds:
            known = {one for one in kind.__mro__ if one in listed} - {Exception}
            self.assertTrue(known or kind is errors.EbayError, kind.__name__)

    def test_only_a_lost_connection_stops_the_account(self):
        lost = [kinds for kinds, meaning in POLICY if meaning.lost]
        self.assertEqual(lost, [errors.AuthError])

    def test_only_what_a_person_can_help_is_an_entry(self):
        entries = {kinds: meaning.issue for kinds, meaning in POLICY if meaning.issue}
        self.assertEqual(
            entries,
            {errors.Forbidden: "permission", errors.ContractError: "unreadable"},
        )

    def test_what_may_pass_decides_nothing_about_a_record(self):
        for error, passes in (
            (None, False),
            (errors.Transient(), True),
            (errors.RateLimited(), True),
            (errors.Rejected(), False),
            (errors.ContractError(), False),
            (errors.Forbidden(), False),
        ):
            tried = Tried()
            tried.error = error
            self.assertEqual(tried.passes, passes, error)

    def test_whether_ebay_may_have_done_it(self):
        for error, expected in (
            (errors.Transient(outcome_unknown=True), True),
            (errors.Transient(), False),
            (errors.CircuitOpen(), False),
            (errors.ContractError(), True),
            (errors.Rejected(), False),
            (errors.Forbidden(), False),
            (errors.RateLimited(), False),
            (errors.AuthError(), False),
            (KeyError(), True),
        ):
            self.assertEqual(may_be_done(error), expected, repr(error))

    def test_a_bug_of_ours_is_not_foreseen(self):
        self.assertFalse(is_foreseen(KeyError("x")))
        self.assertTrue(is_foreseen(MappingError("$.x", 1, "no")))
        self.assertTrue(is_foreseen(errors.WritesRefused()))

    def test_how_a_run_ends_whose_parts_did(self):
        soon, late = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
        limits = [errors.RateLimited(until=at) for at in (late, soon)]
        bad, conflict = errors.Rejected(), SerializationFailure()
        for parts, expected in (
            ([bad], ("failed", None)),
            (limits, ("throttled", late)),
            ([bad, *limits], ("failed", late)),
            ([bad, conflict], ("interrupted", NOW + timedelta(minutes=1))),
        ):
            self.assertEqual(outcome(parts, NOW), expected)


class TroubleCase(StockCase):
    """A shop whose eBay reports what it answered to the run that asked."""

    def issues(self, code=None, state="open"):
        issues = self.env["ebay.issue"].search(
            [("account_id", "=", self.account.id), ("state", "=", state)]
        )
        return issues.filtered(lambda one: code in (None, one.code))

    def tell(self, call, api="inventory"):
        """eBay answers this call in every run from now on."""
        record = CallRecord(api, call, "GET", NOW, 0.1, 1, "ok", 200)

        def client(_account, listener=None, **_options):
            if listener:
                listener(record)
            return self.ebay

        return patch.object(type(self.account), "_client", client)

    def raises(self, error, *names):
        """The writing calls of these names fail."""

        def trouble(name, _entries):
            if name in names:
                raise error

        self.ebay.trouble = trouble


@tagged("post_install", "-at_install")
class TestTrouble(TroubleCase):
    def mixed(self):
        """Two listings of the Inventory API, and two of Trading."""
        modern = self.many(2)
        old = self.Listing
        for number in range(2):
            product = self.storable(f"OLD-{number}")
            self.stock(product, 5)
            old |= self.listing(f"OLD-{number}", 0, product)
        return modern, old

    def test_an_unreadable_answer_of_one_api_leaves_the_other_at_work(self):
        modern, old = self.mixed()
        self.raises(unreadable(), "bulk")
        for _run in range(2):
            with mute_logger(RUN):
                log = self.push()
            self.assertEqual(log.state, "failed")
            self.assertIn("no JSON", log.message)
            self.assertEqual(set(old.mapped("quantity_acked")), {5})
            self.later()
        issue = self.issues()
        self.assertEqual(issue.code, "answer_unreadable")
        self.assertEqual(issue.count, 2)
        self.assertIn("bulkUpdatePriceQuantity", issue.summary)
        self.assertIn("ri=7", issue.advice)
        self.assertTrue(all(modern.mapped("quantity_unsettled")))
        self.ebay.trouble = lambda name, entries: None
        with self.tell("bulkUpdatePriceQuantity"):
            self.assertEqual(self.push().state, "done")
        self.assertEqual(set(modern.mapped("quantity_acked")), {5})
        self.assertEqual(issue.state, "done")

    def test_an_answer_to_another_call_closes_nothing(self):
        self.mixed()
        self.raises(unreadable(), "bulk")
        with mute_logger(RUN), self.tell("getOffers"):
            self.push()
            self.push()
        self.assertEqual(self.issues().code, "answer_unreadable")

    def test_an_unreadable_answer_to_an_end_costs_that_listing_only(self):
        mug = self.storable("MUG")
        self.stock(mug, 5)
        first, second = (self.listing(f"MUG-{n}", 5, mug) for n in (1, 2))
        other = self.listing("MUG-3", 0, mug)
        (first | second).with_user(self.manager).action_end_on_ebay()
        real = self.ebay.trading.end_fixed_price_item

        def end(ref):
            if ref == first.listing_ref:
                raise unreadable("trading", "EndFixedPriceItem")
            return real(ref)

        self.ebay.trading.end_fixed_price_item = end
        self.assertEqual(self.push().state, "done")
        self.assertTrue(first.active)
        self.assertTrue(first.end_wanted_at, "it is asked again")
        self.assertFalse(second.active)
        self.assertEqual(self.ebay.quantity(other.listing_ref), 5)
        self.assertEqual(self.issues().code, "end_refused")
        self.assertEqual(self.issues().res_id, first.id)
        self.ebay.trading.end_fixed_price_item = real
        self.push()
        self.assertFalse(first.active)
        self.assertFalse(self.issues())

    def test_pushing_that_is_not_permitted_uses_up_no_revisions(self):
        modern, old = self.mixed()
        self.raises(forbidden("inventory", "bulkUpdatePriceQuantity"), "bulk")
        for _run in range(3):
            with mute_logger(RUN, ACCOUNT):
                self.assertEqual(self.push().state, "failed")
            self.later()
        self.assertEqual(set(modern.mapped("revisions")), {0})
        self.assertEqual(set(old.mapped("quantity_acked")), {5})
        issue = self.issues()
        self.assertEqual(
            (issue.code, issue.severity), ("permission_listings", "danger")
        )
        self.assertEqual(self.account.state, "connected")

    # -- orders that may not be read ---------------------------------------------

    def forbid_orders(self):
        def refuse(*_args, **_options):
            raise forbidden()

        self.startPatcher(patch.object(self.ebay.fulfillment, "order_pages", refuse))

    def test_orders_that_may_not_be_read_are_told_loudly(self):
        self.forbid_orders()
        for _run in range(3):
            with mute_logger(RUN, ACCOUNT):
                log = self.run_flow("orders_in")
            self.assertEqual(log.state, "failed")
        issue = self.issues()
        self.assertEqual(issue.code, "permission_orders")
        self.assertEqual(issue.severity, "danger")
        self.assertEqual(issue.count, 3)
        self.assertIn("quantities only go down", issue.advice)
        self.assertEqual(self.account.state, "connected")
        self.assertEqual(self.account.health, "stopped")
        told = self.account.activity_ids.filtered(
            lambda activity: activity.user_id == self.manager
        )
        self.assertEqual(len(told), 1, "once, not in every run")

    def test_without_orders_quantities_only_go_down(self):
        mug, lid = self.storable("MUG"), self.storable("LID")
        self.stock(mug, 3)
        self.stock(lid, 9)
        less, more = self.listing("MUG", 5, mug), self.listing("LID", 5, lid)
        self.forbid_orders()
        self.account.orders_read_until_at = False
        with mute_logger(RUN, ACCOUNT):
            log = self.push()
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.ebay.quantity(less.listing_ref), 3)
        self.assertEqual(self.ebay.quantity(more.listing_ref), 5, "somebody may buy")

    def test_what_was_stored_is_built_though_no_orders_come(self):
        self.ebay.sell(self.listing("SKU-1", 5).listing_ref, "SKU-1")
        self.run_flow("orders_in")
        row = self.env["ebay.order"].search([])
        row.state = "pending"
        self.forbid_orders()
        with mute_logger(RUN, ACCOUNT):
            self.run_flow("orders_in")
        self.assertEqual(row.state, "imported")

    # -- the way back ------------------------------------------------------------

    def test_who_reconnects_has_it_tried_at_once(self):
        self.forbid_orders()
        with mute_logger(RUN, ACCOUNT):
            self.run_flow("orders_in")
        issue = self.issues()
        with self.assertRaises(AccessError):
            issue.with_user(self.user).action_fix()
        page = issue.with_user(self.manager).action_fix()
        self.assertIn("sell.fulfillment", page["url"])
        self.woken().unlink()
        oauth = Mock(exchange_code=lambda code, scopes: token(scopes=scopes))
        client = Mock()
        client.identity.get_user.return_value = {"userId": "SIMUSER1"}
        with (
            patch.object(type(self.account), "_oauth", lambda *a, **k: oauth),
            patch.object(type(self.account), "_client", lambda *a, **k: client),
        ):
            self.env["ebay.connection"]._finish(self.account, "code", ["scope"], {})
        cron = self.account.schedule_ids.filtered(lambda s: s.flow == "orders_in")
        self.assertIn(cron.cron_id, self.woken().cron_id)
        self.assertEqual(issue.state, "open", "eBay has not said yes yet")
        with self.tell("getOrders", "fulfillment"):
            self.ebay.fulfillment = type(self.ebay.fulfillment)()
            self.assertEqual(self.run_flow("orders_in").state, "done")
        self.assertEqual(issue.state, "done")
        self.assertEqual(self.account.health, "works")

    def test_an_ignored_entry_does_not_hide_the_next_time(self):
        self.forbid_orders()
        with mute_logger(RUN, ACCOUNT):
            self.run_flow("orders_in")
        issue = self.issues()
        issue.write({"ignore_reason": "known", "state": "ignored"})
        self.env["ebay.issue"]._end_troubles(self.account, {"getOrders"})
        self.assertEqual(issue.state, "done")
        with mute_logger(RUN, ACCOUNT):
            self.run_flow("orders_in")
        self.assertEqual(self.issues().code, "permission_orders")

    def test_details_that_somebody_spoilt_stop_no_run(self):
        self.forbid_orders()
        with mute_logger(RUN, ACCOUNT):
            self.run_flow("orders_in")
            for details in (["x"], {"calls": [None, {}], "flows": "x"}, False):
                self.issues().details = details
                self.assertEqual(self.run_flow("orders_in").state, "failed")
        self.assertEqual(len(self.issues()), 1)


@tagged("post_install", "-at_install")
class TestStoryOfOneForbiddenCall(TroubleCase):
    """Plays ``one_forbidden_call_stops_the_account.json``."""

    def setUp(self):
        super().setUp()
        if not STORY.is_file():
            self.skipTest("fixtures/cases does not lie beside the addon")
        story = json.loads(STORY.read_text(encoding="utf-8"))
        self.steps = story["steps"]
        self.reference = FakeReference()
        self.reference.plant("77", "1", node("1"))

    @contextmanager
    def speaks(self):
        def client(_account, listener=None, **_options):
            if listener and "fulfillment_policies" not in self.reference.errors:
                listener(
                    CallRecord(
                        "account",
                        "getFulfillmentPolicies",
                        "GET",
                        NOW,
                        0.1,
                        1,
                        "ok",
                        200,
                    )
                )
            return self.reference

        buyers = type(self.env["ebay.buyer.tokens"])
        with (
            patch.object(type(self.account), "_client", client),
            patch.object(buyers, "_read", lambda _self, run: ()),
        ):
            yield

    def fault(self, rule):
        """What the client makes of the answer that the story has eBay give."""
        call = Call("account", rule["operation"], "GET", "https://ebay.test/")
        body = json.dumps({"errors": rule["errors"]}).encode()
        try:
            check_answer(call, Answer(rule["status"], {}, body, "ri=1"), NOW)
        except errors.EbayError as error:
            self.reference.errors["fulfillment_policies"] = error

    def run_step(self, flow):
        if flow != "reference_in":
            return self.run_flow(flow)
        with self.speaks(), mute_logger(RUN):
            return self.run_flow(flow)

    def test_the_story(self):
        order = self.ebay.sell(self.listing("SKU-1", 5).listing_ref, "SKU-1")
        logs = {}
        for step in self.steps:
            if "run" in step:
                logs[step["run"]] = self.run_step(step["run"])
            else:
                [rule] = step.values()
                self.fault(rule)
        self.assertEqual(logs["reference_in"].state, "failed")
        self.assertIn("does not cover", logs["reference_in"].message)
        self.assertEqual(logs["orders_in"].state, "done")
        self.assertEqual(self.account.state, "connected")
        self.assertTrue(self.sale(order["orderId"]))
        self.assertEqual(self.push().state, "done")
        self.assertEqual(self.run_flow("shipments_out").state, "done")
        issue = self.issues().filtered(lambda one: "permission" in one.code)
        self.assertEqual(issue.code, "permission_account")
        self.assertEqual(issue.fix_label, "Reconnect with this permission")
        self.assertIn("Everything else continues", issue.with_user(self.manager).advice)
        del self.reference.errors["fulfillment_policies"]
        log = self.run_step("reference_in")
        self.assertEqual(log.state, "done", log.message)
        self.assertEqual(issue.state, "done")
