"""Forgotten buyers: nothing of them is left, wherever somebody wrote it down."""

from datetime import date

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .privacy_case import NAME, STREET, PrivacyCase
from .pushes import order_push


@tagged("post_install", "-at_install")
class TestErasureTraces(PrivacyCase):
    def test_nothing_is_left_wherever_it_was(self):
        sale = self.buy()
        partner, picking = sale.partner_id, sale.picking_ids
        stored = self.stored("12-1")
        needle = "Quellgeist"
        told = f"Frau {needle} <anna_22> of {STREET}"
        partner.write(
            {
                "name": f"Anna {needle}",
                "vat": f"DE-{needle}",
                "comment": f"<p>{told}</p>",
                "company_name": f"{needle} & Söhne",
                "website": f"https://{needle}.example",
                "ref": needle,
                "child_ids": [
                    Command.create({"name": f"Kind {needle}", "type": "other"})
                ],
            }
        )
        bank = self.env["res.partner.bank"].create(
            {
                "partner_id": partner.id,
                "acc_number": f"{needle}1234",
                "acc_holder_name": f"Anna {needle}",
            }
        )
        told = f"Frau Anna {needle} <anna_22>"
        sale.write({"note": f"<p>{told}</p>", "signed_by": told, "origin": told})
        sale.order_line[0].name = f"Engraved for Anna {needle}"
        sale.activity_schedule(
            "mail.mail_activity_data_todo", summary=told, note=f"<p>{told}</p>"
        )
        picking[:1].write({"note": f"<p>{told}</p>"})
        picking[:1].carrier_tracking_ref = "JJD000QUELLGEIST"
        shipment = self.env["ebay.shipment"].create(
            {
                "account_id": self.account.id,
                "sale_order_id": sale.id,
                "picking_id": picking[:1].id,
                "state": "sent",
                "tracking_text": "JJD000QUELLGEIST",
                "tracking_number": "JJD000QUELLGEIST",
                "told_tracking": "JJD000QUELLGEIST",
                "fulfillment_ref": "JJD000QUELLGEIST",
                "message": told,
            }
        )
        sale.message_post(body=told, subject=told, author_id=partner.id)
        picking[:1].message_post(
            body="The label", attachments=[(f"{needle}.pdf", b"%PDF-1.4 x")]
        )
        other = self.env["res.partner"].create({"name": "Somebody else"})
        theirs = other.message_post(body=f"Ask anna_22, that is Anna {needle}, too")
        issue = self.env["ebay.issue"]._raise(
            self.account, "order_unknown", cause="anna_22", who=[told, {"deep": told}]
        )
        log = self.run_flow("tokens", work=lambda run: None)
        log.message = told
        line = self.env["ebay.sync.log.line"].create(
            {
                "log_id": log.id,
                "action": "failed",
                "message": told,
                "changes": {"buyer": [told, "anna_22"]},
            }
        )
        stored.message = told
        self.take(order_push("12-1", buyer={"username": "anna_22", "name": told}))
        self.run_flow("notifications_in")
        wizard = self.env["ebay.buyer.data"].create(
            {"account_id": self.account.id, "username": "anna_22"}
        )
        self.invoice_draft(sale).narration = f"<p>{told}</p>"
        self.assertGreater(len(self.everything_about(needle)), 20)

        self.close()
        for one in ("anna_22", "u-anna", needle, NAME, STREET, "members.ebay.com"):
            self.assertEqual(self.everything_about(one), [], one)
        self.assertFalse(wizard.exists())
        self.assertTrue(bank.exists() and shipment.exists() and line.exists())
        self.assertIn("Ask ..., that is ..., too", theirs.body)
        self.assertEqual(issue.details["who"][1], {"deep": "Frau ... <...>"})
        self.assertEqual(line.changes["buyer"][1], "...")
        self.assertTrue(sale.order_line[0].name.startswith("Engraved for"))

    def test_messages_from_before_the_person_are_not_read(self):
        """Unless they were written anew: an index tells which."""
        self.buy("12-1", "anna_22")
        other = self.env["res.partner"].create({"name": "Somebody else"})
        old = other.message_post(body="Ask anna_22")
        edited = other.message_post(body="Ask anna_22 too")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = create_date - interval '1 year', "
            "write_date = write_date - interval '1 year' WHERE id = ANY(%s)",
            [[old.id, edited.id]],
        )
        self.env.cr.execute(
            "UPDATE mail_message SET write_date = now() at time zone 'UTC' "
            "WHERE id = %s",
            [edited.id],
        )
        self.env.invalidate_all()
        self.close()
        self.assertIn("anna_22", old.body, "it is about somebody else")
        self.assertNotIn("anna_22", edited.body)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM mail_message WHERE write_date >= now() "
            "AND body ILIKE '%x%'"
        )
        plan = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("ebay_mail_message_written_idx", plan)

    def test_what_was_printed_goes_when_the_books_years_are_over(self):
        self.account.company_id.account_fiscal_country_id.ebay_books_years = 3
        sale = self.buy()
        move = self.invoice(sale, date(2026, 5, 4))
        paper = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "mimetype": "application/pdf",
                "raw": b"%PDF-1.4 " + NAME.encode(),
            }
        )
        self.close()
        self.assertTrue(paper.exists())
        with freeze_time("2030-01-01 05:00:00"):
            self.run_flow("housekeeping")
        self.assertFalse(paper.exists())
        self.assertEqual(self.everything_about(NAME), [])

    def test_erasing_a_parcels_number_tells_ebay_nothing(self):
        sale = self.buy()
        picking = sale.picking_ids[:1]
        picking.carrier_tracking_ref = "JJD0001"
        shipment = self.env["ebay.shipment"].create(
            {
                "account_id": self.account.id,
                "sale_order_id": sale.id,
                "picking_id": picking.id,
                "state": "sent",
                "tracking_text": "JJD0001",
                "tracking_number": "JJD0001",
                "told_tracking": "JJD0001",
                "fulfillment_ref": "JJD0001",
            }
        )
        self.close()
        log = self.run_flow("shipments_out")
        self.assertEqual(log.state, "done")
        self.assertEqual((shipment.state, shipment.correction), ("sent", False))

    def test_a_business_contacts_own_name_stays_in_what_others_wrote(self):
        sale = self.buy()
        self.env["sale.order"].create({"partner_id": sale.partner_id.id})
        other = self.env["res.partner"].create({"name": "Somebody else"})
        message = other.message_post(body=f"{NAME} is anna_22 on eBay")
        self.close()
        self.assertIn(f"{NAME} is ... on eBay", message.body)
