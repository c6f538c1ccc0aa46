"""Forgotten buyers: what goes, what the law keeps, what has to wait."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.ebay_sync.compat import USER_GROUPS

from .orders import simple_order
from .privacy_case import NAME, STREET, PrivacyCase
from .pushes import closing_push


@tagged("post_install", "-at_install")
class TestAccountDeletion(PrivacyCase):
    def test_an_unknown_user_is_counted_and_not_kept(self):
        for number in range(5):
            self.take(closing_push(f"stranger_{number}", f"u-{number}"))
        log = self.run_flow("notifications_in")
        self.assertEqual(log.state, "done")
        self.assertEqual(self.ledger("unknown").count, 5)
        self.close("stranger_6", "u-6")
        self.assertEqual(self.ledger("unknown").count, 6)
        self.assertFalse(self.everything_about("stranger_"))

    def test_many_unknown_users_cost_nearly_nothing(self):
        for number in range(200):
            self.take(closing_push(f"stranger_{number}", f"u-{number}"))
        self.env.flush_all()
        with self.assertQueryCount(__system__=80):
            self.run_flow("notifications_in")

    def test_nothing_of_a_known_user_is_left(self):
        sale = self.buy()
        partner = sale.partner_id
        self.assertIn(NAME, partner.name)
        partner.message_post(body=f"{NAME} rang us", author_id=partner.id)
        sale.message_post(
            body="See the letter", attachments=[("letter.txt", b"Dear Anna")]
        )
        self.env["ebay.sync.log.line"].create(
            {
                "log_id": self.run_flow("tokens", work=lambda run: None).id,
                "action": "updated",
                "res_model": "res.partner",
                "res_id": partner.id,
                "changes": {"name": ["", NAME]},
            }
        )
        self.assertTrue(self.everything_about("anna_22"))
        self.close(ref="n-1")
        for needle in ("anna_22", "u-anna", NAME, STREET, "members.ebay.com"):
            self.assertFalse(self.everything_about(needle), needle)
        self.assertFalse(partner.active)
        self.assertEqual(partner.name, "Erased eBay user")
        self.assertFalse(self.stored("12-1").buyer_username)
        row = self.ledger()
        self.assertEqual(
            (row.state, row.notification_ref, row.order_count), ("done", "n-1", 1)
        )
        self.assertGreaterEqual(row.message_count, 2)
        self.assertEqual(self.pushes()[-1].state, "done")

    def test_amounts_goods_and_the_order_itself_stay(self):
        sale = self.buy()
        total, lines = sale.amount_total, sale.order_line.mapped("product_uom_qty")
        self.close()
        self.assertEqual(sale.amount_total, total)
        self.assertEqual(sale.order_line.mapped("product_uom_qty"), lines)
        self.assertEqual(sale.ebay_order_ref, "12-1")
        self.assertEqual(self.stored("12-1").payload["orderId"], "12-1")

    def test_a_forgotten_buyer_is_not_read_back(self):
        sale = self.buy()
        self.close()
        order = self.ebay.orders["12-1"]
        order["buyer"]["username"] = "anna_22"
        order["lastModifiedDate"] = "2026-12-24T10:00:00.000Z"
        order["orderPaymentStatus"] = "FULLY_REFUNDED"
        self.account._want_orders(["12-1"])
        self.run_flow("orders_in")
        self.assertEqual(sale.ebay_payment_status, "FULLY_REFUNDED")
        self.assertFalse(self.everything_about("anna_22"))
        self.assertFalse(self.everything_about(STREET))

    def test_twice_is_once(self):
        self.buy()
        self.close()
        self.close()
        self.assertEqual(len(self.ledger()), 1)
        self.assertEqual(self.ledger("unknown").count, 1)

    def test_what_is_posted_stays_until_the_years_are_over(self):
        self.account.company_id.account_fiscal_country_id.ebay_books_years = 3
        sale = self.buy()
        move = self.invoice(sale, date(2026, 5, 4))
        partner = move.partner_id
        self.close()
        self.assertEqual(partner.name, NAME)
        self.assertEqual(partner.street, STREET)
        self.assertFalse(partner.email or partner.phone or partner.ebay_username)
        self.assertEqual(partner.ebay_erase_at, date(2029, 12, 31))
        row = self.ledger()
        self.assertEqual((row.state, row.keep_until), ("kept", date(2029, 12, 31)))
        self.assertFalse(self.everything_about("anna_22"))
        with freeze_time("2030-01-01 05:00:00"):
            self.run_flow("housekeeping")
        self.assertEqual(partner.name, "Erased eBay user")
        self.assertFalse(self.everything_about(STREET))
        self.assertEqual(row.state, "done")
        self.assertTrue(row.finished_at)

    def test_a_draft_invoice_keeps_nobody(self):
        sale = self.buy()
        sale.order_line.qty_delivered = 2
        move = sale._create_invoices()
        self.close()
        self.assertEqual(move.partner_id.name, "Erased eBay user")
        self.assertFalse(self.everything_about(NAME))

    def test_an_open_order_is_shipped_first(self):
        sale = self.buy(shipped=False)
        self.close()
        self.assertEqual(sale.partner_id.name, NAME)
        self.assertEqual(self.ledger().state, "postponed")
        with freeze_time(datetime.now() + timedelta(days=1)):
            self.run_flow("housekeeping")
        self.assertEqual(sale.partner_id.name, NAME)
        self.stored("12-1").is_open = False
        with freeze_time(datetime.now() + timedelta(days=2)):
            self.run_flow("housekeeping")
        self.assertEqual(sale.partner_id.name, "Erased eBay user")
        self.assertEqual(self.ledger().state, "done")

    def test_portal_access_is_closed(self):
        partner = self.buy().partner_id
        user = self.env["res.users"].create(
            {
                "name": "Anna",
                "login": "anna@example.com",
                "partner_id": partner.id,
                USER_GROUPS: [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
        self.close()
        self.assertFalse(user.active)
        self.assertNotIn("anna", user.login)
        self.assertEqual(self.ledger().login_count, 1)

    def test_a_user_of_odoo_is_for_a_human_to_decide(self):
        partner = self.buy().partner_id
        user = new_test_user(self.env, "anna_works_here", groups="base.group_user")
        user.partner_id.ebay_username = "anna_22"
        self.close()
        self.assertTrue(user.active)
        self.assertTrue(partner.active)
        self.assertEqual(self.ledger().state, "refused")
        issue = self.env["ebay.issue"].search([("code", "=", "erasure_of_staff")])
        self.assertEqual(issue.res_id, user.partner_id.id)

    def test_a_customer_of_other_business_loses_only_ebays_part(self):
        partner = self.buy().partner_id
        self.env["sale.order"].create({"partner_id": partner.id})
        self.close()
        self.assertEqual(partner.name, NAME)
        self.assertTrue(partner.active)
        self.assertFalse(partner.ebay_username)
        self.assertFalse(self.stored("12-1").buyer_username)
        self.assertFalse(self.everything_about("anna_22"))

    def test_the_user_is_forgotten_in_every_company(self):
        company, other = self.second_company()
        order = self.env["ebay.order"].create(
            {
                "account_id": other.id,
                "order_ref": "99-1",
                "state": "blocked",
                "payload": simple_order("99-1"),
                "buyer_username": "anna_22",
            }
        )
        self.close()
        self.assertFalse(order.buyer_username)
        self.assertEqual(order.state, "ignored")
        self.assertNotIn("buyer", order.payload)

    def test_it_is_done_while_the_account_is_archived_or_not_connected(self):
        self.buy()
        self.account.write({"active": False, "state": "reconnect", "mode": "paused"})
        self.assertEqual(self.close().state, "done")
        self.assertEqual(self.ledger().state, "done")

    def test_a_buyer_who_changed_the_name_is_known(self):
        first, second = self.buy("12-1", "anna_22"), self.buy("12-2", "anna_22")
        order = self.ebay.orders["12-1"]
        order["buyer"]["username"] = "anna_new"
        order["orderFulfillmentStatus"] = "FULFILLED"
        order["lastModifiedDate"] = "2026-12-24T10:00:00.000Z"
        self.account._want_orders(["12-1"])
        self.run_flow("orders_in")
        third = self.buy("12-3", "anna_new")
        self.assertEqual(first.partner_id, third.partner_id)
        self.assertEqual(first.partner_id.ebay_username, "anna_new")
        self.close(username="anna_new", user_ref="u-unheard-of")
        for one in ("anna_22", "anna_new", NAME, STREET):
            self.assertEqual(self.everything_about(one), [], one)
        self.assertFalse(second.ebay_buyer)

    def test_a_user_is_found_by_the_token_that_outlives_names(self):
        partner = self.buy().partner_id
        partner.ebay_user_ref = "nY+sHZ2PrBmd=="
        self.close(username="renamed_since")
        self.assertFalse(partner.active)

    def test_a_user_is_found_by_the_id_as_well(self):
        partner = self.buy().partner_id
        partner.ebay_user_ref = "u-anna"
        self.close(username="renamed_since")
        self.assertFalse(partner.active)

    def chosen_instead(self, username="anna_22"):
        """A customer of the shop's own, chosen for an order of anna_22's.

        Returns the sale order, the customer, and who stood in for the buyer.
        """
        customer = self.env["res.partner"].create(
            {
                "name": "Autohaus Ost GmbH",
                "street": "Am Markt 1",
                "city": "Bonn",
                "phone": "+4922855555",
                "email": "buero@autohaus-ost.example",
                "comment": "<p>Pays by invoice</p>",
            }
        )
        sale = self.buy(username=username)
        former = sale.partner_id
        issue = self.env["ebay.issue"]._raise(
            self.account, "partner_ambiguous", order=sale.ebay_order_id, name=NAME
        )
        self.env["ebay.choose.partner"].with_user(self.user).create(
            {"issue_id": issue.id, "partner_id": customer.id}
        ).action_choose()
        self.assertEqual(sale.partner_id, customer)
        self.assertFalse(former.active)
        return sale, customer, former

    def test_a_customer_that_was_chosen_stays_and_the_buyer_goes(self):
        sale, customer, former = self.chosen_instead()
        self.assertEqual(sale.partner_shipping_id.street, STREET)
        customer.message_post(body="The car is ready")
        customer.message_post(body=f"{NAME} of {STREET} bought as anna_22")
        self.close()
        self.assertEqual(
            (customer.name, customer.street, customer.phone, customer.email),
            (
                "Autohaus Ost GmbH",
                "Am Markt 1",
                "+4922855555",
                "buero@autohaus-ost.example",
            ),
        )
        self.assertTrue(customer.active)
        self.assertIn("Pays by invoice", customer.comment)
        self.assertIn("The car is ready", str(customer.message_ids.mapped("body")))
        self.assertFalse(customer.ebay_username)
        self.assertEqual(former.name, "Erased eBay user")
        self.assertEqual(sale.partner_shipping_id.name, "Erased eBay user")
        for needle in ("anna_22", "u-anna", NAME, STREET, "members.ebay.com"):
            self.assertFalse(self.everything_about(needle), needle)
        self.assertEqual(self.ledger().state, "done")

    def test_a_customer_found_by_the_address_stays_as_well(self):
        order = simple_order("12-1")
        party = order["buyer"]["buyerRegistrationAddress"]
        customer = self.env["res.partner"].create(
            {
                "name": NAME,
                "street": STREET,
                "city": party["contactAddress"]["city"],
                "zip": party["contactAddress"]["postalCode"],
                "country_id": self.env.ref("base.de").id,
            }
        )
        sale = self.buy()
        self.assertEqual(sale.partner_id, customer)
        self.close()
        self.assertEqual((customer.name, customer.street), (NAME, STREET))
        self.assertFalse(self.everything_about("anna_22"))
        self.assertNotIn("buyer", self.stored("12-1").payload)

    def test_a_chosen_customer_is_found_after_the_buyer_changed_the_name(self):
        sale, customer, former = self.chosen_instead()
        order = self.ebay.orders["12-1"]
        order["buyer"]["username"] = "anna_new"
        order["orderFulfillmentStatus"] = "FULFILLED"
        order["lastModifiedDate"] = "2026-12-24T10:00:00.000Z"
        self.account._want_orders(["12-1"])
        self.run_flow("orders_in")
        self.assertEqual(customer.ebay_username, "anna_new")
        self.close(username="anna_new", user_ref="u-unheard-of")
        for needle in ("anna_22", "anna_new", NAME, STREET, "members.ebay.com"):
            self.assertFalse(self.everything_about(needle), needle)
        self.assertEqual(customer.name, "Autohaus Ost GmbH")
        self.assertEqual(former.name, "Erased eBay user")

    def test_a_chosen_customers_invoices_are_nobody_elses_business(self):
        sale, customer, _former = self.chosen_instead()
        move = self.invoice(sale)
        move.message_post(body="Paid in time")
        self.close()
        self.assertEqual(move.partner_id.name, "Autohaus Ost GmbH")
        self.assertIn("Paid in time", str(move.message_ids.mapped("body")))
        self.assertFalse(self.everything_about("anna_22"))
