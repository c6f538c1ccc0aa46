"""Somebody who bought on eBay, and a search through the whole database."""

import json
from datetime import date

from .orders import OrderCase, simple_order
from .pushes import PushMixin, closing_push

NAME = "Jörg Weißmüller"
STREET = "Lindenallee 12a"


class PrivacyCase(PushMixin, OrderCase):
    def buy(
        self,
        order_ref="12-1",
        username="anna_22",
        shipped=True,
        street=STREET,
        **changes,
    ):
        """An order of anna_22's, built; shipped, so that nothing is waited for.

        Who lives in another ``street`` is another buyer.
        """
        order = simple_order(order_ref, **changes)
        order = json.loads(
            json.dumps(order, ensure_ascii=False).replace(STREET, street)
        )
        order["buyer"]["username"] = username
        order["buyerCheckoutNotes"] = f"Please ring at {STREET}"
        self.account.orders_read_until_at = False
        self.pull(order)
        sale = self.sale(order_ref)
        if shipped:
            self.ship(order)
        return sale

    def ship(self, order):
        order["orderFulfillmentStatus"] = "FULFILLED"
        self.stored(order["orderId"]).write(
            {"fulfillment_status": "FULFILLED", "is_open": False}
        )

    def close(self, username="anna_22", user_ref="u-anna", **options):
        """eBay tells that the user is gone."""
        self.take(closing_push(username, user_ref, **options))
        return self.run_flow("notifications_in")

    def ledger(self, kind="deletion"):
        return self.env["ebay.erasure"].search([("kind", "=", kind)])

    def invoice(self, sale, day=None):
        move = self.invoice_draft(sale)
        move.invoice_date = day or date.today()
        move.action_post()
        return move

    def invoice_draft(self, sale):
        sale.order_line.qty_delivered = 2
        return sale._create_invoices()

    def everything_about(self, needle):
        """``table.column`` of every text of the database that still has the needle."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN "
            "('text', 'character varying', 'jsonb', 'json')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            if table.startswith(("ir_", "pg_")) and table != "ir_attachment":
                continue
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1',
                [f"%{needle}%"],
            )
            if self.env.cr.fetchone():
                found.append(f"{table}.{column}")
        return found
