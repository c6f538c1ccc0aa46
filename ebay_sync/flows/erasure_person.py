"""One person in Odoo: every trace of an eBay user, and how it is taken away."""

from datetime import date, timedelta

from odoo import fields

from ..mapping.order_document import document_hash
from ..mapping.privacy import without_person

# An order that eBay left open for longer than this is not waited for.
OPEN_FOR = timedelta(days=120)
EBAY_MAIL = "@members.ebay.com"  # eBay's forwarding addresses
SHORTEST_NAME = 4  # shorter texts are found in too many places
FORGOTTEN = "Erased eBay user"

# What goes even where the books need name and address.
CONTACT_FIELDS = ("email", "phone", "mobile", "website", "comment", "function")
IDENTITY_FIELDS = ("street", "street2", "city", "zip", "state_id", "vat")


class Person:
    """The contacts, orders and documents of one eBay user, in all companies.

    Works as superuser: a person is forgotten wherever the data lies, and the traces lie
    in models that no clerk of eBay's matters has rights on.
    """

    def __init__(self, env, partners, orders):
        self.env = env(
            su=True,
            context={
                **env.context,
                "active_test": False,
                "tracking_disable": True,
                "mail_notrack": True,
            },
        )
        partners = partners.with_env(self.env)
        orders = orders.with_env(self.env)
        sales = orders.sale_order_id
        partners |= sales.partner_id
        self.family = self.env["res.partner"].search([("id", "child_of", partners.ids)])
        self.sales = sales | self.env["sale.order"].search(
            [
                ("partner_id", "in", self.family.ids),
                ("ebay_account_id", "!=", False),
            ]
        )
        self.orders = orders | self.sales.ebay_order_id
        self.pickings = self.sales.picking_ids
        self.moves = self.env["account.move"].search(
            [
                "|",
                ("partner_id", "in", self.family.ids),
                ("partner_shipping_id", "in", self.family.ids),
            ]
        )
        self.has_other_business = self._has_other_business()
        self.names = self._names()
        self.messages = 0

    def _names(self):
        """The texts by which the person is recognised in messages and logs."""
        known = {order.buyer_username for order in self.orders}
        for partner in self.family:
            known |= {
                partner[name]
                for name in ("name", "email", "phone", "street", "ebay_username")
            }
        return {text for text in known if text and len(text) >= SHORTEST_NAME}

    # -- what stands in the way ----------------------------------------------------

    @property
    def staff(self):
        """Users of Odoo itself among the contacts: that is for a human to decide."""
        return self.family.user_ids.filtered(lambda user: not user.share)

    @property
    def is_waited_for(self):
        """Whether an order still has to be shipped to the person."""
        since = fields.Datetime.now() - OPEN_FOR
        return any(
            order.is_open
            and not order.erased_at
            and order.state != "ignored"
            and (order.ebay_created_at or order.create_date) > since
            for order in self.orders
        )

    def _has_other_business(self):
        """Whether the contact is ours for reasons that have nothing to do with eBay."""
        other = self.env["sale.order"].search_count(
            [("partner_id", "in", self.family.ids), ("ebay_account_id", "=", False)]
        )
        return bool(other or any(self.family.mapped("supplier_rank")))

    def _books_need(self):
        """``{partner: date}``: until when posted documents need name and address."""
        needed = {}
        for move in self.moves:
            if move.state != "posted":
                continue
            years = move.company_id.account_fiscal_country_id._books_years()
            until = date((move.invoice_date or move.date).year + years, 12, 31)
            if until < fields.Date.today():
                continue
            commercial = move.partner_id.commercial_partner_id
            for partner in move.partner_id | move.partner_shipping_id | commercial:
                needed[partner] = max(until, needed.get(partner, until))
        return needed

    # -- forgetting ----------------------------------------------------------------

    def postpone(self, ledger):
        """Wait for the open order: the parcel needs an address."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        self.family.write({"ebay_erase_at": tomorrow, "ebay_erasure_id": ledger.id})
        self.orders.filtered(lambda order: not order.erased_at).erasure_id = ledger

    def forget(self, ledger):
        """Take every trace away that nothing needs; the ledger learns how much."""
        needed = {} if self.has_other_business else self._books_need()
        logins = 0 if self.has_other_business else self._close_logins()
        self._strip_messages()
        self._strip_files()
        self._strip_logs()
        orders = self._strip_orders(ledger)
        erased = self._strip_partners(needed, ledger)
        self.env.flush_all()
        ledger.write(
            {
                "partner_count": ledger.partner_count + erased,
                "order_count": ledger.order_count + orders,
                "message_count": ledger.message_count + self.messages,
                "login_count": ledger.login_count + logins,
            }
        )

    def _close_logins(self):
        users = self.family.user_ids.filtered("share")
        open_users = users.filtered("active")
        open_users.active = False
        for user in users:
            user.login = f"erased-{user.id}"
        return len(open_users)

    # -- contacts --------------------------------------------------------------------

    def _strip_partners(self, needed, ledger):
        erased = 0
        for partner in self.family:
            values = {
                "ebay_username": False,
                "ebay_user_ref": False,
                "ebay_erase_at": False,
                "ebay_erasure_id": False,
            }
            if self.has_other_business:
                if (partner.email or "").endswith(EBAY_MAIL):
                    values["email"] = False
            elif partner in needed:
                values.update(self._empty(CONTACT_FIELDS), image_1920=False)
                values["ebay_erase_at"] = needed[partner]
                values["ebay_erasure_id"] = ledger.id
            else:
                values.update(self._empty(CONTACT_FIELDS + IDENTITY_FIELDS))
                values.update(image_1920=False, name=FORGOTTEN, active=False)
                erased += 1
            # Odoo looks for active users before it archives: with the archived ones
            # in sight it would find those that have just been closed
            partner.with_context(active_test=True).write(values)
        gone = self.family.filtered(lambda one: one.name == FORGOTTEN)
        gone.bank_ids.unlink()
        self.env["mail.followers"].search([("partner_id", "in", gone.ids)]).unlink()
        return erased

    def _empty(self, names):
        known = self.env["res.partner"]._fields
        return dict.fromkeys((name for name in names if name in known), False)

    # -- orders ------------------------------------------------------------------------

    def _strip_orders(self, ledger):
        left = self.orders.filtered(lambda order: not order.erased_at)
        strip_orders(left)
        left.filtered(lambda order: not order.sale_order_id).write({"state": "ignored"})
        self.sales.write(
            {"ebay_buyer": False, "ebay_buyer_note": False, "ebay_gift": False}
        )
        for issue in left.issue_ids:
            if self._speaks_of(str(issue.details)):
                issue.details = False
        return len(left)

    # -- what was said about them ------------------------------------------------------

    def _documents(self):
        """What may speak of the person; of a business contact only eBay's part."""
        documents = [self.sales, self.pickings]
        if not self.has_other_business:
            documents += [self.family, self.moves]
        return [records for records in documents if records]

    def _speaks_of(self, text):
        text = (text or "").casefold()
        return any(name.casefold() in text for name in self.names)

    def _strip_messages(self):
        Message = self.env["mail.message"]
        authors = self.env["res.partner"] if self.has_other_business else self.family
        found = Message.search([("author_id", "in", authors.ids)])
        for records in self._documents():
            found |= Message.search(
                [("model", "=", records._name), ("res_id", "in", records.ids)]
            )
        Tracking = self.env["mail.tracking.value"]
        tracked = Tracking.search([("mail_message_id", "in", found.ids)]).filtered(
            lambda value: any(
                self._speaks_of(value[name])
                for name in Tracking._fields
                if name.startswith(("old_value_", "new_value_"))
                and Tracking._fields[name].type in ("char", "text")
            )
        )
        spoken = found.filtered(
            lambda one: (
                one.author_id in authors
                or self._speaks_of(one.body)
                or self._speaks_of(one.subject)
                or self._speaks_of(one.email_from)
            )
        )
        self.messages += len(spoken) + len(tracked)
        tracked.unlink()
        spoken.attachment_ids.unlink()
        spoken.write({"body": "", "subject": False, "email_from": False})
        for name in ("record_name", "reply_to"):
            if Message._fields[name].store:
                named = found.filtered(
                    lambda one, name=name: self._speaks_of(one[name])
                )
                named.write({name: False})
        mails = self.env["mail.mail"].search(
            [
                "|",
                ("recipient_ids", "in", authors.ids),
                ("mail_message_id", "in", spoken.ids),
            ]
        )
        mails.unlink()

    def _strip_files(self):
        """Delivery slips, labels, quotations: not what is attached to invoices."""
        for records in self._documents():
            if records._name == "account.move":
                continue
            files = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("res_field", "=", False),
                ]
            )
            self.messages += len(files)
            files.unlink()

    def _strip_logs(self):
        for records in (*self._documents(), self.orders):
            lines = self.env["ebay.sync.log.line"].search(
                [("res_model", "=", records._name), ("res_id", "in", records.ids)]
            )
            lines.filtered(lambda line: self._speaks_of(str(line.changes))).write(
                {"changes": False}
            )
            lines.filtered(lambda line: self._speaks_of(line.message)).write(
                {"message": False}
            )
        for name in self.names:
            pushes = self.env["ebay.notification"].search([("body", "ilike", name)])
            pushes.filtered(lambda one: one.state != "new").write({"body": False})


def strip_orders(orders):
    """Take the buyer out of the stored copies of eBay's documents."""
    for order in orders:
        document = without_person(order.payload or {})
        order.write(
            {
                "payload": document,
                "payload_hash": document_hash(document),
                "buyer_username": False,
                "needs_details": False,
                "erased_at": fields.Datetime.now(),
            }
        )
