"""Reference data: stored as eBay has it, fetched no oftener than needed."""

from datetime import datetime, timedelta, timezone

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import (
    AuthError,
    ContractError,
    RateLimited,
    Transient,
)

from .reference import LISTS, PART_LOGGER, ReferenceCase, rejected, speaks_to

FLOW_LOGGER = "odoo.addons.ebay_sync.flows.engine.run"


def policy(kind, ref, **values):
    return {LISTS[kind][1]: ref, "name": f"Policy {ref}", **values}


def place(key, name=None, status="ENABLED", **address):
    return {
        "merchantLocationKey": key,
        "name": name or key,
        "merchantLocationStatus": status,
        "locationTypes": ["WAREHOUSE"],
        "location": {"address": address},
    }


@tagged("post_install", "-at_install")
class TestReferenceIn(ReferenceCase):
    def policies(self, **values):
        return (
            self.env["ebay.policy"]
            .with_context(active_test=False)
            .search([("account_id", "=", self.account.id)])
            .filtered_domain([(name, "=", value) for name, value in values.items()])
        )

    def locations(self):
        return (
            self.env["ebay.location"]
            .with_context(active_test=False)
            .search([("account_id", "=", self.account.id)])
        )

    # -- the run as a whole ----------------------------------------------------

    def test_everything_is_stored_and_a_second_run_changes_nothing(self):
        self.ebay.policies["payment"] = [policy("payment", "1", immediatePay=True)]
        self.ebay.policies["return"] = [policy("return", "2")]
        self.ebay.policies["fulfillment"] = [policy("fulfillment", "3")]
        self.ebay.locations = [place("A", country="DE"), place("B")]
        log, asked = self.refresh()
        self.assertEqual(log.state, "done")
        self.assertFalse(self.failures(log))
        self.assertEqual(sum(asked.values()), 7)
        self.assertEqual(len(self.policies()), 3)
        self.assertEqual(len(self.locations()), 2)
        self.assertEqual(log.created_count, 3 + 2 + 4)
        tables = (
            "ebay_policy",
            "ebay_location",
            "ebay_marketplace",
            "ebay_category",
            "ebay_category_tree",
            "ebay_category_tree_ebay_marketplace_rel",
            "ebay_account",
        )
        before = [self.row_places(table) for table in tables]
        log, asked = self.refresh()
        self.assertEqual([self.row_places(table) for table in tables], before)
        self.assertEqual(
            asked,
            {
                "locations": 1,
                "payment_policies": 1,
                "return_policies": 1,
                "fulfillment_policies": 1,
                "details": 1,
                "tree_id": 1,
            },
        )
        self.assertEqual(
            (log.created_count, log.updated_count, log.unchanged_count), (0, 0, 7)
        )
        self.assertFalse(log.line_ids)

    def test_the_carriers_of_a_site_are_read_and_compared(self):
        self.refresh()
        self.assertEqual(self.germany.carrier_codes, {"DHL": "DHL", "Other": "Other"})
        self.ebay.carriers = {"GLS": "GLS", "Other": "Other"}
        log, _asked = self.refresh()
        changes = [line.changes for line in log.line_ids if line.changes]
        self.assertIn({"carriers": [["DHL"], ["GLS"]]}, changes)
        self.assertEqual(self.refresh()[0].updated_count, 0)

    def test_an_unchanged_run_reads_little(self):
        self.ebay.policies["payment"] = [
            policy("payment", str(number)) for number in range(500)
        ]
        self.refresh()
        with speaks_to(self.ebay, self.account), self.committing_env() as env:
            flow = env["ebay.flow.reference.in"]
            account = env["ebay.account"].browse(self.account.id)
            flow._run(account)
            before = env.cr.sql_log_count
            flow._run(account)
            self.assertLess(env.cr.sql_log_count - before, 80)

    def test_every_marketplace_in_its_language_and_no_other(self):
        self.account.marketplace_ids = self.germany + self.env.ref(
            "ebay_sync.marketplace_at"
        )
        _log, asked = self.refresh()
        self.assertEqual(asked["payment_policies"], 2)
        self.assertEqual(asked["tree_id"], 2)
        self.assertEqual(asked["tree"], 2)
        self.assertEqual(
            set(self.ebay.languages), {("EBAY_DE", "de-DE"), ("EBAY_AT", "de-AT")}
        )

    def test_without_a_choice_the_registration_marketplace_is_served(self):
        self.account.write(
            {"marketplace_ids": False, "registration_marketplace": "EBAY_DE"}
        )
        self.refresh()
        self.assertEqual(self.ebay.languages[0], ("EBAY_DE", "de-DE"))

    def test_a_marketplace_that_is_new_to_us_is_added(self):
        self.account.write(
            {"marketplace_ids": False, "registration_marketplace": "EBAY_NEW"}
        )
        self.ebay.tree_ids["EBAY_NEW"] = "77"
        self.ebay.errors["locations"] = ContractError("No JSON")
        with mute_logger(PART_LOGGER):
            self.refresh()
        added = self.env["ebay.marketplace"].search([("code", "=", "EBAY_NEW")])
        tree = self.env["ebay.category.tree"].search([("tree_ref", "=", "77")])
        self.assertEqual(tree.marketplace_ids, added)

    def test_without_any_marketplace_the_account_says_so(self):
        self.account.marketplace_ids = False
        log, asked = self.refresh()
        self.assertEqual(asked, {"locations": 1})
        self.assertIn("marketplaces", self.account.reference_note)
        self.assertEqual(len(self.failures(log)), 1)
        self.account.marketplace_ids = self.germany
        self.refresh()
        self.assertFalse(self.account.reference_note)

    # -- what goes wrong -------------------------------------------------------

    def test_one_part_that_fails_does_not_stop_the_others(self):
        self.ebay.locations = [place("A")]
        self.ebay.policies["return"] = [policy("return", "2")]
        self.ebay.errors = {
            "locations": ContractError("No JSON"),
            "payment_policies": rejected("20403", "Invalid marketplaceId."),
            "fulfillment_policies": KeyError("a buyer's name"),
        }
        with mute_logger(PART_LOGGER):
            log, _asked = self.refresh()
        self.assertEqual(log.state, "failed")
        self.assertEqual(log.failed_count, 3)
        self.assertEqual(len(self.policies()), 1)
        self.assertTrue(self.env["ebay.category"].search([]))
        messages = "\n".join(self.failures(log))
        self.assertIn("Locations: No JSON", messages)
        self.assertIn("Payment policies of EBAY_DE: Invalid", messages)
        self.assertNotIn("buyer", messages)
        self.assertFalse(self.account.reference_note)

    def test_what_may_pass_later_is_tried_again_within_the_hour(self):
        self.ebay.errors["tree_id"] = Transient("eBay did not answer")
        self.ebay.policies["return"] = [policy("return", "2")]
        with mute_logger(PART_LOGGER, FLOW_LOGGER):
            log, _asked = self.refresh()
        self.assertEqual((log.state, log.message), ("failed", "eBay did not answer"))
        self.assertEqual(len(self.policies()), 1)
        self.assertLess(self.next_turn() - datetime.now(), timedelta(minutes=61))
        self.ebay.errors.clear()
        log, _asked = self.refresh()
        self.assertEqual(log.state, "done")
        self.assertTrue(self.env["ebay.category"].search([]))

    def test_a_quota_of_one_api_leaves_the_others_alone(self):
        until = datetime.now(timezone.utc) + timedelta(hours=5)
        self.ebay.errors["locations"] = RateLimited("Quota", until=until)
        with mute_logger(PART_LOGGER):
            log, asked = self.refresh()
        self.assertEqual(log.state, "throttled")
        self.assertEqual(asked["tree"], 1)
        self.assertGreater(self.next_turn() - datetime.now(), timedelta(hours=4))

    def next_turn(self):
        cron = self.account.schedule_ids.filtered(
            lambda schedule: schedule.flow == "reference_in"
        ).cron_id
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        return max(triggers.mapped("call_at"))

    def test_a_lost_connection_ends_the_run(self):
        self.ebay.errors["payment_policies"] = AuthError("Revoked", refreshable=False)
        with mute_logger("odoo.addons.ebay_sync.models.account.connection"):
            log, asked = self.refresh()
        self.assertEqual(log.state, "failed")
        self.assertEqual(self.account.state, "reconnect")
        self.assertFalse(asked["return_policies"])

    def test_a_seller_without_business_policies_is_told_so(self):
        for programs in ([], rejected("20404")):
            with self.subTest(programs=programs):
                self.ebay.errors["payment_policies"] = rejected("20403")
                self.ebay.errors["programs"] = programs
                self.ebay.programs = []
                log, asked = self.refresh()
                self.assertEqual(log.state, "done")
                self.assertIn("business policies", self.account.reference_note)
                self.assertIn("business policies", self.failures(log)[0])
                self.assertEqual(asked["payment_policies"], 1)
                self.assertFalse(asked["return_policies"])
                self.assertEqual(asked["tree_id"], 1)
        self.ebay.errors.clear()
        self.refresh()
        self.assertFalse(self.account.reference_note)

    def test_a_run_whose_time_is_up_goes_on_where_it_stopped(self):
        self.account.reference_resume = f"policies {self.germany.code} return"
        log, asked = self.refresh()
        self.assertEqual(log.state, "done")
        self.assertEqual(
            asked,
            {
                "return_policies": 1,
                "fulfillment_policies": 1,
                "details": 1,
                "tree_id": 1,
                "tree": 1,
            },
        )
        self.assertFalse(self.account.reference_resume)
        self.account.reference_resume = "a part of an older version"
        _log, asked = self.refresh()
        self.assertEqual(asked["locations"], 1)

    # -- policies --------------------------------------------------------------

    def test_policies_follow_ebay_and_are_never_deleted(self):
        self.ebay.policies["payment"] = [policy("payment", "1"), policy("payment", "2")]
        self.refresh()
        self.ebay.policies["payment"] = [
            policy("payment", "1", name="Renamed"),
            policy("payment", "3"),
        ]
        log, _asked = self.refresh()
        self.assertEqual(self.policies(policy_ref="1").name, "Renamed")
        self.assertFalse(self.policies(policy_ref="2").active)
        self.assertEqual((log.created_count, log.updated_count), (1, 2))
        self.assertIn(
            "name: Policy 1 -> Renamed", "".join(log.line_ids.mapped("changes_text"))
        )
        self.ebay.policies["payment"] = [policy("payment", "2")]
        self.refresh()
        self.assertTrue(self.policies(policy_ref="2").active)
        self.ebay.policies["payment"] = []
        self.refresh()
        self.assertFalse(any(self.policies().mapped("active")))
        self.assertEqual(len(self.policies()), 3)

    def test_an_unreadable_policy_archives_no_other(self):
        self.ebay.policies["payment"] = [policy("payment", "1"), policy("payment", "2")]
        self.refresh()
        self.ebay.policies["payment"] = [policy("payment", "1"), {"name": "no id"}]
        log, _asked = self.refresh()
        self.assertTrue(all(self.policies().mapped("active")))
        self.assertEqual(log.failed_count, 1)
        self.assertIn("unusable", self.failures(log)[0])

    def test_five_thousand_policies(self):
        self.ebay.policies["fulfillment"] = [
            policy("fulfillment", str(number), handlingTime={"value": 1, "unit": "DAY"})
            for number in range(5000)
        ]
        log, _asked = self.refresh()
        self.assertEqual(log.state, "done")
        self.assertEqual(len(self.policies(kind="fulfillment", handling_days=1)), 5000)

    def test_the_same_id_in_another_kind_is_another_policy(self):
        for kind in LISTS:
            self.ebay.policies[kind] = [policy(kind, "7")]
        self.refresh()
        self.assertEqual(len(self.policies(policy_ref="7")), 3)

    # -- locations -------------------------------------------------------------

    def test_a_location_with_the_name_of_a_warehouse_is_proposed(self):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.account.company_id.id)], limit=1
        )
        self.ebay.locations = [place("A", warehouse.name.upper()), place("B", "Nobody")]
        self.refresh()
        first, second = self.locations().sorted("location_ref")
        self.assertEqual(first.proposed_warehouse_id, warehouse)
        self.assertFalse(first.warehouse_id, "the manager decides")
        self.assertFalse(second.proposed_warehouse_id)
        (first + second).with_user(self.manager).action_accept_proposal()
        self.assertEqual(first.warehouse_id, warehouse)
        self.assertFalse(second.warehouse_id)
        self.ebay.locations = [place("A", "Renamed", "DISABLED")]
        self.refresh()
        self.assertEqual(first.warehouse_id, warehouse, "the choice stays")
        self.assertEqual((first.name, first.enabled), ("Renamed", False))
        self.assertFalse(second.active)

    def test_a_location_with_the_address_of_a_warehouse_is_proposed(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Somewhere",
                "street": "Torstr. 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref("base.de").id,
            }
        )
        warehouse = self.env["stock.warehouse"].create(
            {"name": "Berlin", "code": "BER", "partner_id": partner.id}
        )
        address = {"addressLine1": "torstr. 1", "postalCode": "10115", "country": "DE"}
        self.ebay.locations = [place("A", "Elsewhere", **address)]
        self.refresh()
        location = self.locations()
        self.assertEqual(location.proposed_warehouse_id, warehouse)
        self.assertEqual(location.country_id.code, "DE")

    def test_hundreds_of_locations_come_by_pages(self):
        self.ebay.locations = [place(f"K{number}") for number in range(250)]
        _log, asked = self.refresh()
        self.assertEqual(asked["locations"], 3)
        self.assertEqual(len(self.locations()), 250)

    def test_hostile_locations(self):
        self.ebay.locations = [
            place("A", "<script>alert(1)</script>" + "x" * 5000, country="XX"),
            place("A", "again"),
            place("", "no key"),
            {**place("B"), "location": 7, "locationTypes": {}},
        ]
        log, _asked = self.refresh()
        self.assertEqual(log.state, "done")
        self.assertEqual(log.failed_count, 2)
        self.assertEqual(self.locations().mapped("location_ref"), ["A", "B"])
        self.assertEqual(len(self.locations()[0].name), 255)
        self.assertFalse(self.locations()[0].country_id)

    def test_a_part_of_another_warehouse_is_refused(self):
        self.ebay.locations = [place("A")]
        self.refresh()
        first, second = self.env["stock.warehouse"].create(
            [{"name": "One", "code": "ONE"}, {"name": "Two", "code": "TWO"}]
        )
        with Form(self.locations().with_user(self.manager)) as form:
            form.warehouse_id = first
            form.stock_location_id = first.lot_stock_id
            form.warehouse_id = second
            self.assertFalse(form.stock_location_id)
        with self.assertRaises(ValidationError):
            self.locations().stock_location_id = first.lot_stock_id

    def test_a_mapped_account_does_not_change_its_company(self):
        self.ebay.locations = [place("A")]
        self.refresh()
        company, _account = self.second_company()
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.account.company_id.id)], limit=1
        )
        self.locations().warehouse_id = warehouse
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.account.company_id = company
        self.locations().warehouse_id = False
        self.account.company_id = company
        self.assertEqual(self.locations().company_id, company)

    # -- people ----------------------------------------------------------------

    def test_refresh_only_wakes(self):
        account = self.account.with_user(self.user)
        account.action_refresh_reference()
        self.assertTrue(self.next_turn())
        self.assertFalse(self.account.log_ids)
        self.account.mode = "paused"
        with self.assertRaises(UserError):
            account.action_refresh_reference()

    def test_another_companys_locations_are_invisible(self):
        company, account = self.second_company()
        self.connect(account)
        account.write({"marketplace_ids": [Command.set(self.germany.ids)]})
        self.ebay.locations = [place("A")]
        self.ebay.policies["payment"] = [policy("payment", "1")]
        log, _asked = self.refresh(account)
        self.assertEqual(log.state, "done")
        for records in (account.location_ids, account.policy_ids):
            self.assertEqual(len(records), 1)
            self.assertEqual(records.company_id, company)
            with self.assertRaises(AccessError):
                records.with_user(self.manager).read(["name"])

    def test_the_forms_open(self):
        self.ebay.locations = [place("A")]
        self.ebay.policies["payment"] = [policy("payment", "1")]
        self.refresh()
        for record in (
            self.account,
            self.account.location_ids,
            self.account.policy_ids,
            self.env["ebay.category"].search([], limit=1),
            self.env["ebay.category.tree"].search([], limit=1),
        ):
            Form(record.with_user(self.manager))
        self.assertTrue(self.account.location_ids.checked_at)
