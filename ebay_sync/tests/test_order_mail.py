"""eBay's buyers get no mail from Odoo, and nobody's missing address stops anything."""

from odoo.tests import tagged

from .orders import OrderCase, simple_order


@tagged("post_install", "-at_install")
class TestBuyersMail(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.account.company_id
        cls.mail = cls.env["mail.template"].create(
            {
                "name": "Thank you",
                "model_id": cls.env.ref("sale.model_sale_order").id,
                "subject": "Thank you for your order",
                "body_html": "<p>Welcome</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        cls.template = cls.env["sale.order.template"].create(
            {"name": "Usual", "mail_template_id": cls.mail.id}
        )
        company.sale_order_template_id = cls.template
        company.stock_move_email_validation = True

    def to_buyer(self, partner):
        """What was written to the buyer."""
        return self.env["mail.message"].search(
            [
                ("partner_ids", "in", partner.ids),
                ("message_type", "!=", "user_notification"),
            ]
        )

    def deliver(self, sale):
        picking = sale.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def test_the_companys_quotation_template_writes_to_nobody(self):
        self.pull(simple_order("A-1"))
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale", self.stored("A-1").message)
        self.assertFalse(sale.sale_order_template_id)
        picking = self.deliver(sale)
        self.assertFalse(self.to_buyer(sale.partner_id))
        self.assertNotIn(sale.partner_id, sale.message_partner_ids)
        self.assertFalse(
            picking.message_ids.filtered(lambda one: one.subtype_id.internal is False)
            & picking.message_ids.filtered("partner_ids")
        )

    def test_an_account_may_have_odoo_write(self):
        self.account.mail_buyers = True
        self.pull(simple_order("A-1"))
        sale = self.sale("A-1")
        self.assertEqual(sale.state, "sale", self.stored("A-1").message)
        self.assertEqual(sale.sale_order_template_id, self.template)
        self.assertTrue(self.to_buyer(sale.partner_id))

    def test_orders_that_are_not_ebays_are_as_before(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Anna"}).id,
                "order_line": [(0, 0, {"product_id": self.product.id})],
            }
        )
        sale.action_confirm()
        self.assertTrue(self.to_buyer(sale.partner_id))
        sale.message_subscribe(sale.partner_id.ids)  # 19.0 leaves that to people
        self.assertIn(sale.partner_id, sale.message_partner_ids)


@tagged("post_install", "-at_install")
class TestNoAddress(OrderCase):
    def test_the_robot_has_an_address(self):
        self.assertTrue(self.robot.email)

    def test_an_installation_of_before_gets_one(self):
        self.robot.email = False
        self.env["ebay.account"]._ensure_all_schedules()
        self.assertTrue(self.robot.email)

    def test_a_manager_without_an_email_changes_a_schedule(self):
        self.manager.email = False
        schedule = self.account.schedule_ids[:1].with_user(self.manager)
        schedule.interval_number = 17
        self.assertIn("17", "".join(self.account.message_ids.mapped("body")))
