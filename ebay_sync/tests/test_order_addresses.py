"""States that Odoo has not, incomplete addresses, buyers under another name."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .case_player import StoryCase
from .orders import fixture, simple_order


def ship_to(order):
    """Where the parcel goes."""
    return order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]


def move_to(order, **address):
    """Have the buyer live there, and the parcel go there."""
    for contact in (ship_to(order), order["buyer"]["buyerRegistrationAddress"]):
        contact["contactAddress"].update(address)


INVALID = "The VAT number does not seem to be valid."


@tagged("post_install", "-at_install")
class TestStates(StoryCase):
    def test_puerto_rico_is_a_country_of_its_own(self):
        player = self.player("puerto_rico_as_state_and_country")
        player.play()
        partner = player.sale.partner_shipping_id
        self.assertEqual(partner.city, "Ceiba")
        self.assertEqual(partner.ebay_province, "Puerto Rico")
        self.assertFalse(self.stored(player.ref).issue_ids)

    def test_a_polish_province_stays_out_of_the_city(self):
        order = simple_order("A-1")
        move_to(order, city="Łódź", stateOrProvince="Łódzkie (dawne)", countryCode="PL")
        self.pull(order)
        partner = self.sale("A-1").partner_shipping_id
        self.assertEqual(partner.city, "Łódź")
        self.assertTrue(partner.state_id or partner.ebay_province)
        self.assertFalse(self.stored("A-1").issue_ids)

    def test_a_state_is_asked_about_where_addresses_need_it(self):
        order = simple_order("A-1")
        move_to(order, city="Austin", stateOrProvince="Zexas", countryCode="US")
        self.pull(order)
        issue = self.issue("A-1", "state_unknown")
        partner = self.sale("A-1").partner_shipping_id
        self.assertTrue(issue)
        self.assertEqual(partner.city, "Austin")
        partner.state_id = self.env.ref("base.state_us_44")
        self.assertEqual(issue.state, "done")

    def test_accents_and_capitals_make_no_other_state(self):
        order = simple_order("A-1")
        move_to(order, city="Leon", stateOrProvince="LEON", countryCode="ES")
        self.pull(order)
        partner = self.sale("A-1").partner_shipping_id
        self.assertEqual(partner.state_id.country_id.code, "ES")


@tagged("post_install", "-at_install")
class TestAddresses(StoryCase):
    def test_capitals_and_blanks_make_no_second_address(self):
        player = self.player("address_differs_in_case_only")
        player.play()
        sale = player.sale
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)
        self.assertFalse(sale.partner_id.child_ids)
        self.assertTrue(sale.partner_id.phone)

    def test_words_are_no_phone(self):
        player = self.player("phone_is_invalid_request")
        player.play()
        partner = player.sale.partner_id
        self.assertFalse(partner.phone)
        self.assertFalse(partner.email)

    def test_an_address_without_city_is_asked_about_before_it_ships(self):
        order = simple_order("A-1")
        del ship_to(order)["contactAddress"]["city"]
        self.pull(order)
        sale, issue = self.sale("A-1"), self.issue("A-1", "address_incomplete")
        self.assertEqual(sale.state, "draft")
        self.assertIn("City", issue.summary)
        self.assertEqual(issue.action_fix()["res_id"], sale.partner_shipping_id.id)
        sale.partner_shipping_id.city = "Köln"
        self.assertEqual(issue.state, "done")
        self.run_flow("orders_in")
        self.assertEqual(sale.state, "sale")

    def test_an_unpaid_order_without_an_address_only_waits(self):
        order = simple_order("A-1", orderPaymentStatus="PENDING")
        del ship_to(order)["contactAddress"]["addressLine1"]
        self.pull(order)
        self.assertEqual(self.sale("A-1").state, "draft")
        self.assertFalse(self.issue("A-1", "address_incomplete"))

    def test_a_hubs_reference_stands_once(self):
        document = fixture("gb_global_shipping_hub")
        document["lastModifiedDate"] = simple_order()["lastModifiedDate"]
        step = document["fulfillmentStartInstructions"][0]["shippingStep"]
        reference = step["shipToReferenceId"].removeprefix("Reference #")
        address = step["shipTo"]["contactAddress"]
        address["addressLine2"] = f"reference # {reference}"
        self.account.unknown_sku_rule = "placeholder"
        self.pull(document)
        partner = self.sale(document["orderId"]).partner_shipping_id
        label = f"{partner.street}\n{partner.street2}"
        self.assertEqual(label.count(reference), 1)
        self.assertEqual(partner.street2, address["addressLine1"])


@tagged("post_install", "-at_install")
class TestBuyersNames(StoryCase):
    def test_a_buyer_under_an_immutable_id_is_the_one_of_before(self):
        player = self.player("same_buyer_under_an_immutable_id")
        player.play(2)
        before = player.sale.partner_id
        player.play()
        self.assertEqual(player.sale.partner_id, before)
        issue = self.issue(player.ref, "buyer_renamed")
        self.assertEqual(issue.severity, "info")
        self.assertIn("old_name_77", issue.summary)
        self.assertEqual(before.ebay_username, "8q3kXv2TQZu")

    def test_both_names_may_come_at_once(self):
        player = self.player("same_buyer_under_an_immutable_id")
        for step in player.steps:
            if "load" in step:
                player.show(*step["load"])
        self.run_flow("orders_in")
        first, second = map(self.sale, player.shown)
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertTrue(self.issue(player.ref, "buyer_renamed"))

    def test_the_former_name_is_known_without_asking_again(self):
        player = self.player("same_buyer_under_an_immutable_id")
        player.play()
        document = player.document
        document["orderId"], document["buyer"]["username"] = "B-3", "old_name_77"
        document["lineItems"][0]["lineItemId"] = "B-3-1"
        move_to(document, addressLine1="Other St 2")
        self.pull(document)
        self.assertEqual(self.sale("B-3").partner_id, player.sale.partner_id)
        self.assertFalse(self.issue("B-3", "buyer_renamed"))

    def test_a_namesake_at_another_address_is_somebody_else(self):
        player = self.player("same_buyer_under_an_immutable_id")
        player.play(2)
        before = player.sale.partner_id
        document = player.document
        document["orderId"], document["buyer"]["username"] = "B-2", "other_linda"
        document["lineItems"][0]["lineItemId"] = "B-2-1"
        move_to(document, addressLine1="Other St 2")
        self.pull(document)
        self.assertNotEqual(self.sale("B-2").partner_id, before)


@tagged("post_install", "-at_install")
class TestTaxNumbers(StoryCase):
    def italian(self, ref, value="IT12345670017", kind="VATIN"):
        """A list document, and what getOrder shows of the same order."""
        order = simple_order(ref)
        order["lineItems"][0]["purchaseMarketplaceId"] = "EBAY_IT"
        order["buyer"]["taxIdentifier"] = {
            "taxpayerId": value,
            "taxIdentifierType": kind,
            "issuingCountry": "IT",
        }
        return order

    def show_in_detail_only(self, *orders):
        """The list does not show tax numbers; getOrder does."""
        pages = self.ebay.order_pages

        def shorter(**filters):
            for page in pages(**filters):
                for order in page["orders"]:
                    order["buyer"].pop("taxIdentifier", None)
                yield page

        self.ebay.order_pages = shorter
        return self.pull(*orders)

    def test_all_tax_numbers_arrive_however_many_orders_come_at_once(self):
        orders = [self.italian(f"I-{number}") for number in range(45)]
        self.show_in_detail_only(*orders)
        numbers = [self.sale(one["orderId"]).partner_id.vat for one in orders]
        self.assertEqual(numbers, ["IT12345670017"] * 45)

    def test_a_tax_number_that_comes_later_reaches_the_partner(self):
        order = self.italian("I-1")
        number = order["buyer"].pop("taxIdentifier")
        self.pull(order)
        partner = self.sale("I-1").partner_id
        self.assertFalse(partner.vat)
        order["buyer"]["taxIdentifier"] = number
        self.pull(self.changed(order))
        self.assertEqual(partner.vat, "IT12345670017")

    def test_what_is_no_valid_number_is_kept_as_text_and_asked_about_once(self):
        Partner = type(self.env["res.partner"])
        write = Partner.write

        def refuse(partners, vals):
            if vals.get("vat") == "IT999":
                raise ValidationError(INVALID)
            return write(partners, vals)

        self.startPatcher(patch.object(Partner, "write", refuse))
        order = self.italian("I-1", value="IT999")
        self.pull(order)
        sale = self.sale("I-1")
        self.assertEqual(sale.state, "sale")
        self.assertFalse(sale.partner_id.vat)
        self.assertEqual(sale.partner_id.ebay_tax_number, "IT999")
        issue = self.issue("I-1", "tax_number_invalid")
        self.assertIn("IT999", issue.summary)
        self.pull(self.changed(order, buyerCheckoutNotes="Changed"))
        self.assertEqual((issue.state, issue.count), ("open", 1))
        sale.partner_id.vat = "IT12345670017"
        self.assertEqual(issue.state, "done")

    def test_a_codice_fiscale_is_kept_as_text_without_italys_addon(self):
        if "l10n_it_codice_fiscale" in self.env["res.partner"]._fields:
            self.skipTest("Italy's addon has a field for it")
        self.pull(self.italian("I-1", "RSSMRA80A01H501U", "CODICE_FISCALE"))
        partner = self.sale("I-1").partner_id
        self.assertEqual(partner.ebay_tax_number, "RSSMRA80A01H501U")
        self.assertFalse(partner.vat)
        self.assertFalse(self.stored("I-1").issue_ids)
