"""One person in Odoo: every trace of an eBay user, and how it is removed."""

from datetime import date, timedelta

from odoo import fields

from ...mapping.orders.document import document_hash
from ...mapping.orders.facts import without_personal
from ...mapping.orders.privacy import personal_texts, without_person
from ...models.orders.ebay_field_rule import WRITTEN, is_as_written
from ..orders.orders_in import OPEN_FOR
from .traces import Traces, texts_of

EBAY_MAIL = "@members.ebay.com"  # eBay's forwarding addresses
FORGOTTEN = "Erased eBay user"

# What goes even where accounting needs the name and address.
CONTACT_FIELDS = ("email", "phone", "mobile", "website", "comment", "function")
AUDIT_TRAIL = ("restrictive_audit_trail", "check_account_audit_trail")
NAMING_FIELDS = (
    "name",
    "email",
    "phone",
    "street",
    "vat",
)


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
        self.ours = self._ours()
        self.buyers = self.family - self.ours
        self.ebay_names = self._ebay_names()
        names = self._names()
        self.traces = Traces(self.env, names)
        self.traces_elsewhere = Traces(
            self.env, self._names_elsewhere(names), self._known_since()
        )

    def _known_since(self):
        """When the person became known here, with the time that a transaction lasts."""
        known = [*self.family, *self.orders, *self.sales]
        dates = [record.create_date for record in known if record.create_date]
        return min(dates) - timedelta(days=1) if dates else None

    def _names(self):
        """The texts by which the person is recognised in messages, notes and logs."""
        known = set(self.ebay_names) | _names_of(self.family)
        for order in self.orders:
            known |= personal_texts(order.payload or {})
        known.update(self.sales.ebay_shipment_ids.mapped("tracking_number"))
        known.update(self.pickings.mapped("carrier_tracking_ref"))
        return {text.strip() for text in known if text} - {FORGOTTEN}

    def _names_elsewhere(self, names):
        """Of these, what is taken out of other people's documents too.

        A business contact is known here by the own name, also without eBay.
        """
        own = [text.casefold() for text in _names_of(self.ours)]
        told = {
            name for name in names if not any(name.casefold() in text for text in own)
        }
        return told | self.ebay_names

    def _ebay_names(self):
        """The names by which only eBay calls the person."""
        known = {order.buyer_username for order in self.orders}
        for partner in self.family:
            known |= {partner.ebay_username, partner.ebay_user_ref}
            if (partner.email or "").endswith(EBAY_MAIL):
                known.add(partner.email)
        return {text for text in known if text}

    # -- what stands in the way ----------------------------------------------------

    @property
    def staff(self):
        """Users of Odoo itself among the contacts: a person has to decide."""
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

    def _ours(self):
        """The contacts that are ours for reasons other than eBay.

        Those that somebody made here and that an order was linked to, and those that
        have other business with us. Of their addresses, not those that came from eBay
        for its orders.
        """
        others = self.env["sale.order"].search(
            [
                ("ebay_account_id", "=", False),
                "|",
                "|",
                ("partner_id", "in", self.family.ids),
                ("partner_invoice_id", "in", self.family.ids),
                ("partner_shipping_id", "in", self.family.ids),
            ]
        )
        served = others.partner_id | others.partner_invoice_id
        served |= others.partner_shipping_id
        served |= self.family.filtered("supplier_rank")
        robot = self.env.ref("ebay_sync.user_ebay_robot")
        by_hand = self.family.filtered(lambda one: one.create_uid != robot)
        ours = self.family.browse()
        for head in self.family.filtered(lambda one: one.parent_id not in self.family):
            members = self.env["res.partner"].search([("id", "child_of", head.id)])
            if head in by_hand or members & served:
                ours |= head | (members & (by_hand | served))
        return ours

    def _books_need(self):
        """``{partner: date}``: until when posted documents need name and address."""
        needed = {}
        for move in self.moves:
            if move.state != "posted":
                continue
            until = self._kept_until(move)
            if until < fields.Date.today():
                continue
            commercial = move.partner_id.commercial_partner_id
            for partner in move.partner_id | move.partner_shipping_id | commercial:
                needed[partner] = max(until, needed.get(partner, until))
        return needed

    @staticmethod
    def _kept_until(move):
        years = move.company_id.account_fiscal_country_id._books_years()
        return date((move.invoice_date or move.date).year + years, 12, 31)

    def _free_moves(self):
        """Invoices that accounting does not need: not posted, or no longer kept."""
        return self.moves.filtered(
            lambda move: (
                move.state != "posted" or self._kept_until(move) < fields.Date.today()
            )
        )

    # -- forgetting ----------------------------------------------------------------

    def postpone(self, ledger):
        """Wait for the open order: the parcel needs an address."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        self.family.write({"ebay_erase_at": tomorrow, "ebay_erasure_id": ledger.id})
        self.orders.filtered(lambda order: not order.erased_at).erasure_id = ledger

    def forget(self, ledger):
        """Remove every trace that nothing needs; the ledger records how much."""
        needed, logins = self._books_need(), self._close_logins()
        self._strip_filled()
        orders = self._strip_orders()
        self._strip_shipments()
        erased = self._strip_partners(needed, ledger)
        # last: what is changed may be noted in messages, whatever the context says
        messages = self._strip_what_was_said()
        self.env.flush_all()
        ledger.write(
            {
                "partner_count": ledger.partner_count + erased,
                "order_count": ledger.order_count + orders,
                "message_count": ledger.message_count + messages,
                "login_count": ledger.login_count + logins,
            }
        )

    def _close_logins(self):
        users = self.buyers.user_ids.filtered("share")
        open_users = users.filtered("active")
        open_users.active = False
        for user in users:
            user.write({"login": f"erased-{user.id}", "signature": False})
        # where they signed in from
        self.env["res.device.log"].search([("user_id", "in", users.ids)]).unlink()
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
            if partner in self.ours:
                if (partner.email or "").endswith(EBAY_MAIL):
                    values["email"] = False
            elif partner in needed:
                values.update(self._empty(CONTACT_FIELDS), image_1920=False)
                values["ebay_erase_at"] = needed[partner]
                values["ebay_erasure_id"] = ledger.id
            else:
                values.update(dict.fromkeys(texts_of(partner), False))
                values.update(
                    state_id=False, image_1920=False, name=FORGOTTEN, active=False
                )
                erased += 1
            # Odoo looks for active users before it archives: with the archived ones
            # in sight it would find those that have just been closed
            partner.with_context(active_test=True).write(values)
        gone = self.family.filtered(lambda one: one.name == FORGOTTEN)
        for bank in gone.bank_ids:  # a posted refund may point to it: not deleted
            bank.write(
                {
                    "acc_number": f"erased-{bank.id}",
                    "acc_holder_name": False,
                    "active": False,
                }
            )
        self.env["mail.followers"].search([("partner_id", "in", gone.ids)]).unlink()
        return erased

    def _empty(self, names):
        known = self.env["res.partner"]._fields
        return dict.fromkeys((name for name in names if name in known), False)

    # -- what field rules have filled in ---------------------------------------------

    def _strip_filled(self):
        """Empty what the account's field rules wrote, of rules long gone as well.

        A business contact keeps what somebody has typed over it.
        """
        for records in (self.sales, self.sales.order_line, self.family):
            for record in records.filtered(WRITTEN):
                names = [
                    name
                    for name, value in record[WRITTEN].items()
                    if name in record._fields
                    and self._is_from_ebay(record, name, value)
                ]
                record.write(dict.fromkeys((*names, WRITTEN), False))

    def _is_from_ebay(self, record, name, written):
        is_ours = record._name == self.ours._name and record in self.ours
        return not is_ours or is_as_written(record[name], written)

    # -- orders ------------------------------------------------------------------------

    def _strip_orders(self):
        left = self.orders.filtered(lambda order: not order.erased_at)
        strip_orders(left)
        left.filtered(lambda order: not order.sale_order_id).write({"state": "ignored"})
        self.sales.write(
            {
                "ebay_buyer": False,
                "ebay_buyer_note": False,
                "ebay_gift": False,
                "signed_by": False,
                "signature": False,
            }
        )
        return len(left)

    def _strip_shipments(self):
        """Tracking numbers: with the carrier they lead to the door."""
        shipments = self.sales.ebay_shipment_ids
        shipments.write(
            {
                "tracking_text": False,
                "tracking_number": False,
                "told_tracking": False,
                "correction": False,
                "message": False,
            }
        )
        for one in shipments.filtered("fulfillment_ref"):
            one.fulfillment_ref = f"erased-{one.id}"  # eBay's id is the number too
        self.sales.write({"ebay_shipped_key": False, "ebay_parcels_read": False})
        self.pickings.write({"carrier_tracking_ref": False})

    # -- what was said about them ------------------------------------------------------

    def documents(self):
        """What may speak of the person; of a business contact only eBay's part."""
        documents = [self.sales, self.pickings, self.buyers, self._buyers_moves()]
        return [records for records in documents if records]

    def _buyers_moves(self):
        """Invoices that do not belong to a business contact."""
        return self.moves.filtered(
            lambda move: (
                not ((move.partner_id | move.commercial_partner_id) & self.ours)
            )
        )

    def _strip_what_was_said(self):
        """On the documents, and wherever else the person is named."""
        own = [self.sales, self.pickings, self.buyers]
        # what the law requires to stay unchanged is guarded by Odoo
        moves = self._buyers_moves().filtered(
            lambda move: not _audited(move.company_id)
        )
        free = moves & self._free_moves()
        self.traces.strip_messages([*own, moves], self.buyers)
        self.traces.strip_files([*own, free])
        locked = self.sales.filtered("locked")
        locked.locked = False
        for records in (self.sales, self.sales.order_line, self.pickings, self.orders):
            self.traces.redact(records)
        drafts = free.filtered(lambda move: move.state != "posted")
        self.traces.redact(drafts)
        self.traces.redact(drafts.line_ids)
        locked.locked = True
        self.traces_elsewhere.redact_everywhere()
        return self.traces.count


def _names_of(partners):
    """The texts by which these contacts are recognised."""
    known = {partner[name] for partner in partners for name in NAMING_FIELDS}
    for bank in partners.bank_ids:
        known |= {bank.acc_number, bank.acc_holder_name}
    return {text.strip() for text in known if text}


def _audited(company):
    """Whether the company's invoices have a log that Odoo keeps unalterable."""
    return any(company[name] for name in AUDIT_TRAIL if name in company._fields)


def strip_orders(orders):
    """Take the buyer out of the stored copies of eBay's documents."""
    for order in orders:
        document = without_person(order.payload or {})
        order.write(
            {
                "payload": document,
                "payload_hash": document_hash(document),
                "applied": {
                    side: without_personal(facts)
                    for side, facts in (order.applied or {}).items()
                },
                "buyer_username": False,
                "needs_details": False,
                "erased_at": fields.Datetime.now(),
            }
        )
