"""What the connector remembers is changed by nobody's hand, however it is tried."""

import contextlib
import logging

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from . import access_matrix
from .common import EbayCase

try:
    from odoo.service.model import call_kw  # 19.0
except ImportError:
    from odoo.api import call_kw


@tagged("post_install", "-at_install")
class TestWhoMayWrite(EbayCase):
    """Company A is the main one; whoever is of B may not touch what is A's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connect(mode="live")
        cls.company_b, cls.account_b = cls.second_company()
        only_b = {
            "company_id": cls.company_b.id,
            "company_ids": [Command.set(cls.company_b.ids)],
        }
        cls.user_b = new_test_user(
            cls.env, "user_b", groups="ebay_sync.group_ebay_user", **only_b
        )
        cls.manager_b = new_test_user(
            cls.env, "manager_b", groups="ebay_sync.group_ebay_manager", **only_b
        )
        cls.salesperson = new_test_user(
            cls.env, "seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.product = cls.env["product.product"].create({"name": "Mug"})
        cls.partner = cls.env["res.partner"].create({"name": "Buyer"})
        cls.listing = cls.listed(cls.account, "1001")
        cls.listing_b = cls.listed(cls.account_b, "2001")

    @classmethod
    def listed(cls, account, ref, **values):
        return cls.env["ebay.listing"].create(
            {"account_id": account.id, "listing_ref": ref, "title": ref, **values}
        )

    @classmethod
    def sale(cls, account, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.partner.id,
                "company_id": account.company_id.id,
                "ebay_account_id": account.id,
                **values,
            }
        )

    def ask_about(self, account, code, **values):
        return self.env["ebay.issue"].create(
            {"account_id": account.id, "code": code, **values}
        )

    def assert_refused(self, user, record, values):
        """None of these values can be written, one by one and together."""
        mine = record.with_user(user).sudo(False)
        for some in ({name: value} for name, value in values.items()):
            before = {name: record[name] for name in some}
            with self.subTest(f"{record._name} {some}"):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    mine.write(some)
                record.invalidate_recordset()
                self.assertEqual({name: record[name] for name in some}, before)

    # -- listings ----------------------------------------------------------------------

    def test_a_price_is_not_sent_past_the_guard(self):
        values = {
            "price_wanted": 0.99,
            "price_acked": 0.98,
            "price_unsettled": True,
            "quantity_wanted": 7,
            "quantity_acked": 7,
            "push_next_try_at": fields.Datetime.now(),
        }
        for user in (self.user, self.manager):
            self.assert_refused(user, self.listing, values)

    def test_a_listing_is_ended_by_the_button_alone(self):
        now = fields.Datetime.now()
        for user in (self.user, self.manager):
            values = {"end_wanted_at": now, "end_wanted_uid": self.manager.id}
            self.assert_refused(user, self.listing, values)
        with self.assertRaises(AccessError):
            self.listing.with_user(self.user).action_end_on_ebay()
        self.listing.with_user(self.manager).action_end_on_ebay()
        self.assertEqual(self.listing.end_wanted_uid, self.manager)

    def test_a_listing_stays_with_its_account(self):
        values = {
            "account_id": self.account.id,
            "company_id": self.account.company_id.id,
            "listing_ref": "1001",
            "sku": "X",
            "offer_ref": "1",
            "owner": "inventory",
        }
        for user in (self.user_b, self.manager_b):
            self.assert_refused(user, self.listing_b, values)

    def test_no_door_stands_open(self):
        """Create, import, copy, defaults of the context and of the user, the parent."""
        Listing = self.env["ebay.listing"].with_user(self.manager)
        asked = {"account_id": self.account.id, "listing_ref": "9", "title": "x"}
        ways = {
            "create": lambda: Listing.create(asked),
            "name_create": lambda: Listing.name_create("x"),
            "load": lambda: self._load(Listing),
            "copy": lambda: self.listing.with_user(self.manager).copy(asked),
            "web_save": lambda: self.listing.with_user(self.manager).web_save(
                {"price_wanted": 0.99}, {"price_wanted": {}}
            ),
            "parent": lambda: self.account.with_user(self.manager).write(
                {
                    "listing_ids": [
                        Command.update(self.listing.id, {"price_wanted": 0.99})
                    ]
                }
            ),
        }
        for way, call in ways.items():
            with self.subTest(way):
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    call()

    def _load(self, Listing):
        found = Listing.load([".id", "price_wanted"], [[str(self.listing.id), "0.99"]])
        if found["messages"]:
            raise UserError(found["messages"][0]["message"])

    def test_defaults_set_nothing_that_is_kept(self):
        """Neither a context nor a default of one's own stands in for a value."""
        Rule = self.env["ebay.carrier"].with_user(self.manager)
        method = self.env["delivery.carrier"].search([], limit=1)
        self.env["ir.default"].with_user(self.manager).set(
            "ebay.carrier", "is_proposed", True, user_id=True
        )
        Rule = Rule.with_context(default_is_proposed=True)
        self.assertFalse(Rule.default_get(["is_proposed"]).get("is_proposed"))
        market = self.env["ebay.marketplace"].search([], limit=1)
        row = Rule.create({"carrier_id": method.id, "marketplace_id": market.id})
        self.assertFalse(row.is_proposed)

    def test_a_copy_begins_anew(self):
        self.account.links_product_refs = [1]
        copy = self.account.with_user(self.manager).copy()
        self.assertFalse(copy.sudo().links_product_refs)
        self.assertEqual(copy.state, "draft")

    # -- the other rows ----------------------------------------------------------------

    def test_a_parcel_stays_with_its_order(self):
        theirs = self.sale(self.account, ebay_order_ref="12-34567-89012")
        mine = self.sale(self.account_b, ebay_order_ref="98-76543-21098")
        parcel = self.env["ebay.shipment"].create(
            {"account_id": self.account_b.id, "sale_order_id": mine.id}
        )
        values = {
            "account_id": self.account.id,
            "sale_order_id": theirs.id,
            "tracking_number": "FALSE123",
            "state": "ready",
        }
        for user in (self.user_b, self.manager_b):
            self.assert_refused(user, parcel, values)

    def test_a_schedule_keeps_its_action(self):
        other = self.env["ir.cron"].search(
            [("id", "not in", self.account.schedule_ids.cron_id.ids)], limit=1
        )
        schedule = self.account.schedule_ids[0]
        values = {"cron_id": other.id, "flow": "tokens", "account_id": 1}
        self.assert_refused(self.manager, schedule, values)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.account.with_user(self.manager).write(
                {"schedule_ids": [Command.update(schedule.id, {"cron_id": other.id})]}
            )
        schedule.with_user(self.manager).write({"interval_number": 7})
        self.assertEqual(schedule.cron_id.interval_number, 7)

    def test_an_entry_of_the_inbox_stays_about_what_it_is_about(self):
        order = self.env["ebay.order"].create(
            {"account_id": self.account.id, "order_ref": "12-34567-89012"}
        )
        entry = self.ask_about(self.account_b, "buyer_missing")
        values = {
            "order_id": order.id,
            "code": "product_archived",
            "res_model": "product.product",
            "res_id": self.product.id,
            "details": {"sku": "x"},
            "cause": "x",
            "state": "done",
        }
        self.assert_refused(self.user_b, entry, values)
        self.assert_refused(self.user, self.ask_about(self.account, "x"), values)

    def test_nobody_chooses_a_partner_over_there(self):
        sale = self.sale(self.account, ebay_order_ref="12-34567-89012")
        order = self.env["ebay.order"].create(
            {
                "account_id": self.account.id,
                "order_ref": "12-34567-89012",
                "sale_order_id": sale.id,
            }
        )
        entry = self.ask_about(self.account, "buyer_missing", order_id=order.id)
        wizard = self.env["ebay.choose.partner"].with_user(self.user_b)
        for make in (
            lambda: wizard.create({"issue_id": entry.id, "partner_id": 1}),
            lambda: wizard.with_context(default_issue_id=entry.id).create(
                {"partner_id": self.partner.id}
            ),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                make()

    def test_a_rule_stays_with_its_account(self):
        rule = self.env["ebay.price.rule"].create({"account_id": self.account_b.id})
        values = {"account_id": self.account.id, "company_id": self.env.company.id}
        self.assert_refused(self.manager_b, rule, values)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["ebay.price.rule"].with_user(self.manager_b).create(
                {"account_id": self.account.id}
            )

    def test_wizards_take_no_foreign_account(self):
        known = self.env["res.partner"].create(
            {"name": "Known", "ebay_username": "known_buyer"}
        )
        self.assertTrue(known)
        for model in ("ebay.buyer.data", "ebay.link.file", "ebay.fetch.orders"):
            wizard = self.env[model].with_user(self.manager_b)
            values = {"account_id": self.account.id}
            if model == "ebay.fetch.orders":
                values["order_refs"] = "12-34567-89012"
            with (
                self.subTest(model),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                wizard.create(values)
            own = wizard.create({**values, "account_id": self.account_b.id})
            self.assert_refused(
                self.manager_b, own.sudo(), {"account_id": self.account.id}
            )

    def test_an_exception_is_for_listings_of_its_account(self):
        both = new_test_user(
            self.env,
            "manager_of_both",
            groups="ebay_sync.group_ebay_manager",
            company_ids=[Command.set((self.env.company | self.company_b).ids)],
        )
        Override = self.env["ebay.override"].with_user(both)
        Override = Override.with_context(
            allowed_company_ids=[self.env.company.id, self.company_b.id]
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            Override.create(
                {
                    "account_id": self.account.id,
                    "listing_id": self.listing_b.id,
                    "kind": "fixed",
                }
            )
        twin = self.env["ebay.account"].create({"name": "Second shop"})
        other = self.listed(twin, "3001")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            Override.create(
                {
                    "account_id": self.account.id,
                    "listing_id": other.id,
                    "kind": "fixed",
                }
            )

    def test_what_is_hidden_is_refused_before_anything_is_said_of_it(self):
        """No constraint and no advice tells a stranger what is there."""
        values = {"account_id": self.account.id, "target": "sale.order/note"}
        Rule = self.env["ebay.field.rule"].with_user(self.manager_b)
        wizard = self.env["ebay.fetch.orders"].with_user(self.manager_b)
        wizard = wizard.create({"account_id": self.account_b.id, "order_refs": "?"})
        wizard.sudo().account_id = self.account
        for make in (
            lambda: Rule.create({**values, "path": "("}),
            lambda: Rule.with_context(default_account_id=self.account.id).create(
                {"path": "(", "target": "sale.order/note"}
            ),
            wizard.action_fetch,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                make()

    def test_what_a_wizard_names_is_of_its_company(self):
        """Also where somebody may work for both companies."""
        both = new_test_user(
            self.env,
            "user_of_both",
            groups="ebay_sync.group_ebay_user",
            company_ids=[Command.set((self.env.company | self.company_b).ids)],
        )
        ids = [self.env.company.id, self.company_b.id]
        entry = self.ask_about(self.account, "product_missing")
        theirs = {"company_id": self.company_b.id}
        product = self.product.create({"name": "Theirs", **theirs})
        partner = self.partner.create({"name": "Theirs", **theirs})
        twin = self.env["ebay.account"].create({"name": "Second shop"})
        for model, values in (
            ("ebay.link.product", {"product_id": product.id}),
            (
                "ebay.link.product",
                {"product_id": self.product.id, "listing_id": self.listing_b.id},
            ),
            (
                "ebay.link.product",
                {
                    "product_id": self.product.id,
                    "listing_id": self.listed(twin, "3001").id,
                },
            ),
            ("ebay.choose.partner", {"partner_id": partner.id}),
        ):
            wizard = self.env[model].with_user(both)
            wizard = wizard.with_context(allowed_company_ids=ids)
            with (
                self.subTest(f"{model} {values}"),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                wizard.create({"issue_id": entry.id, **values})

    def test_flows_mix_no_accounts(self):
        twin = self.env["ebay.account"].create({"name": "Second shop"})
        order = self.env["ebay.order"].create(
            {"account_id": twin.id, "order_ref": "12-34567-89012"}
        )
        flow = self.env["ebay.order"].with_user(self.robot)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            flow.browse(order.id).sale_order_id = self.sale(self.account)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.ask_about(self.account, "x", order_id=order.id)
        order.sale_order_id = self.sale(twin)

    # -- the inbox ---------------------------------------------------------------------

    def test_no_button_answers_what_it_was_not_asked(self):
        """Over RPC each button can be pressed of each entry: none closes another's."""
        sale = self.sale(self.account)
        order = self.env["ebay.order"].create(
            {
                "account_id": self.account.id,
                "order_ref": "12-34567-89012",
                "sale_order_id": sale.id,
            }
        )
        held = self.env["ebay.held.push"].create(
            {"account_id": self.account.id, "flow": "stock_out"}
        )
        entry = self.ask_about(
            self.account,
            "held_stock_out",
            order_id=order.id,
            res_model=held._name,
            res_id=held.id,
            ignore_reason="I want it gone",
        )
        methods = [
            method
            for model, method in access_matrix.public_methods(self.env)
            if model == entry._name
        ]
        self.assertGreater(len(methods), 20)
        for user in (self.user, self.manager):
            for method in methods:
                with (
                    self.subTest(f"{user.login} {method}"),
                    mute_logger("odoo.sql_db"),
                    contextlib.suppress(UserError),
                    self.env.cr.savepoint(),
                ):
                    call_kw(
                        self.env["ebay.issue"].with_user(user), method, [entry.ids], {}
                    )
                self.env.invalidate_all()
                self.assertEqual(entry.state, "open", method)
                self.assertEqual(sale.state, "draft", method)
        for wizard, values in (
            ("ebay.link.product", {"product_id": self.product.id}),
            ("ebay.choose.partner", {"partner_id": self.partner.id}),
            ("ebay.map.tax", {}),
        ):
            rows = self.env[wizard].with_user(self.user)
            row = rows.create({"issue_id": entry.id, **values})
            button = {"ebay.link.product": "link", "ebay.map.tax": "map"}
            method = f"action_{button.get(wizard, 'choose')}"
            with self.subTest(wizard), self.assertRaises(UserError):
                getattr(row, method)()

    # -- Odoo's own models -------------------------------------------------------------

    def test_a_salesperson_writes_no_reference_of_ebay(self):
        sale = self.sale(self.account)
        values = {
            "ebay_order_ref": "12-34567-89012",
            "ebay_account_id": self.account_b.id,
            "ebay_fulfillment_status": "FULFILLED",
            "ebay_total": 1.0,
            "ebay_shipped_key": "x",
            "ebay_parcels_read": "x",
        }
        for user in (self.salesperson, self.user, self.manager):
            self.assert_refused(user, sale, values)
        Order = self.env["sale.order"].with_user(self.salesperson)
        for values in ({"ebay_order_ref": "1"}, {"ebay_account_id": self.account.id}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                Order.create({"partner_id": self.partner.id, **values})
        plain = Order.with_context(
            default_ebay_order_ref="1", default_ebay_account_id=self.account.id
        ).create({"partner_id": self.partner.id})
        self.assertFalse(plain.ebay_order_ref or plain.ebay_account_id)
        plain.note = "Orders without eBay are nobody's business here."

    def test_nobody_renames_a_buyer(self):
        clerk = new_test_user(self.env, "clerk", groups="base.group_partner_manager")
        values = {"ebay_username": "somebody", "ebay_user_ref": "1"}
        self.assert_refused(clerk, self.partner, values)

    def test_merged_contacts_stay_who_they_are(self):
        clerk = new_test_user(self.env, "merger", groups="base.group_partner_manager")
        self.partner.ebay_username = "somebody"
        twin = self.partner.create({"name": "Buyer"})
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(clerk)
        wizard._update_values(self.partner, twin.with_user(clerk))
        self.assertEqual(twin.ebay_username, "somebody")

    # -- accounts ----------------------------------------------------------------------

    def test_an_account_is_created_without_the_systems_fields(self):
        Account = self.env["ebay.account"].with_user(self.manager)
        for values in (
            {"local_url": "http://127.0.0.1:18000"},
            {"client_secret": "SBX-0123456789ab"},
            {"armed_for": "x"},
            {"state": "connected"},
            {"user_ref": "x"},
            {"webhook_key": "x" * 32},
        ):
            with (
                self.subTest(str(values)),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                Account.create({"name": "Mine", **values})
        account = Account.with_context(default_user_ref="x").create({"name": "Mine"})
        self.assertFalse(account.user_ref)
        there = "http://127.0.0.1:1"
        # 19.0 refuses what a group hides, 18.0 leaves that to us
        with contextlib.suppress(AccessError), self.env.cr.savepoint():
            Account.with_context(default_local_url=there).create({"name": "Other"})
        self.assertFalse(Account.sudo().search([("local_url", "=", there)]))

    def test_an_account_keeps_what_ebay_said(self):
        values = {
            "state": "draft",
            "user_ref": "x",
            "granted_scopes": "x",
            "webhook_key": "x" * 32,
            "golive_stage": "live",
            "company_id": self.company_b.id,
            "orders_read_until_at": fields.Datetime.now(),
        }
        self.assert_refused(self.manager, self.account, values)

    def test_no_context_keeps_the_chatter_quiet(self):
        self.env.cr.precommit.run()
        before = self.account.message_ids
        account = self.account.with_user(self.manager).with_context(
            tracking_disable=True, mail_notrack=True
        )
        account.name = "Quietly renamed"
        account.link_rule_ids[:1].automatic = not account.link_rule_ids[:1].automatic
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(len(self.account.message_ids - before), 2)

    def test_the_sentence_says_which_field(self):
        with self.assertRaisesRegex(AccessError, "Price wanted"):
            self.listing.with_user(self.user).write({"price_wanted": 1})

    # -- who wanted it -----------------------------------------------------------------

    def test_who_left_wants_nothing_any_more(self):
        mixin, company = self.env["ebay.access.mixin"], self.account.company_id
        group = "ebay_sync.group_ebay_manager"
        self.assertTrue(mixin._may_still(self.manager, group, company))
        self.assertFalse(mixin._may_still(self.user, group, company))
        self.assertFalse(mixin._may_still(self.manager_b, group, company))
        self.assertFalse(mixin._may_still(self.env["res.users"], group, company))
        self.manager.active = False
        self.assertFalse(mixin._may_still(self.manager, group, company))

    # -- what Odoo logs ----------------------------------------------------------------

    def test_no_call_log_tells_a_secret(self):
        """Odoo's debug level writes every call with its values."""
        admin = new_test_user(
            self.env,
            "keeper",
            groups="base.group_system,ebay_sync.group_ebay_manager",
        )
        accounts = self.env["ebay.account"].with_user(admin)
        values = {"client_secret": "SBX-0123456789ab-call"}
        with self.assertLogs("odoo", logging.DEBUG) as logs:
            call_kw(accounts, "write", [self.account.ids, values], {})
            call_kw(accounts, "create", [{"name": "New", **values}], {})
        said = "\n".join(logs.output)
        self.assertIn("client_secret", said, "the calls are logged")
        self.assertNotIn("SBX-0123456789ab-call", said)
