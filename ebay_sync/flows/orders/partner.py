"""Who bought, who gets the invoice, where the parcel goes.

A partner is found by eBay's user name, also one of before, then by a name and an
address that are equal field by field; never by e-mail, because eBay's addresses forward
to anybody. eBay users may change their names, and eBay shows some by an id instead:
whoever has the name and the address of a known buyer is that buyer, and the inbox says
so.
"""

from collections import defaultdict

from odoo.fields import Command

from ...mapping.orders.address import post_number_in
from ...mapping.orders.facts import CONTACT, DELIVERY, EMAIL, INVOICE, PHONE
from .address import states_matter
from .tax_numbers import take_tax_numbers

# What makes two addresses the same one.
ADDRESS_FIELDS = ("name", "street", "street2", "city", "zip", "state_id", "country_id")


class PartnerBuilder:
    """Finds and makes the partners of a batch of orders."""

    def __init__(self, lookups):
        self.lookups = lookups
        self.env = lookups.env
        self.Partner = lookups.env["res.partner"].with_company(lookups.company)
        self.hooks = lookups.env["ebay.hook.orders"]

    def serve(self, plans):
        """Give every plan its partner, its invoice and its delivery address."""
        self._find_by_name(plans)
        self._fill_in(plans)
        unknown = [plan for plan in plans if not plan.partner]
        self._find_by_former_orders(unknown)
        unknown = [plan for plan in unknown if not plan.partner]
        values = {plan.row.id: self._buyer_values(plan) for plan in unknown}
        self._find_by_address(unknown, values)
        self._make_buyers([plan for plan in unknown if not plan.partner], values)
        take_tax_numbers(plans)
        self._place_addresses(plans)

    def place_again(self, plans):
        """Update the addresses of existing sale orders; the buyer stays."""
        self._fill_in(plans)
        self._forget_tax_numbers(plans)
        take_tax_numbers(plans)
        self._place_addresses(plans)
        for plan in plans:
            self._follow_contact(plan)

    def _fill_in(self, plans):
        """eBay has said since who the placeholder is."""
        for plan in plans:
            if plan.partner and plan.partner.ebay_is_placeholder:
                values = self._buyer_values(plan)
                if "ebay_is_placeholder" not in values:
                    plan.partner.write({**values, "ebay_is_placeholder": False})

    @staticmethod
    def _forget_tax_numbers(plans):
        """Make room for another tax number, where it is eBay's that stands there."""
        for plan in plans:
            before = plan.base.facts.get(INVOICE) or []
            partner = plan.partner.commercial_partner_id
            if INVOICE in plan.changed and len(before) > CONTACT:
                if before[CONTACT] and (partner.vat or "").endswith(before[CONTACT]):
                    partner.write({"vat": False, "ebay_tax_number": False})

    @staticmethod
    def _follow_contact(plan):
        """Another phone or e-mail at the same address, where it is the buyer's own."""
        if DELIVERY not in plan.changed or plan.order.fulfillment.buyers_own is None:
            return
        before = plan.base.facts.get(DELIVERY) or [None] * CONTACT
        now = plan.ebay[DELIVERY]
        values = {
            name: now[place]
            for name, place in (("phone", PHONE), ("email", EMAIL))
            if now[place] and now[place] != before[place]
        }
        if values:
            plan.delivery_partner.write(values)

    # -- the buyer -------------------------------------------------------------

    def _find_by_name(self, plans):
        names = {plan.order.buyer.username for plan in plans} - {None}
        known = {}
        for partner in self.Partner.search(
            [
                "&",
                ("company_id", "in", (self.lookups.company.id, False)),
                "|",
                ("ebay_user_ref", "in", list(names)),
                ("ebay_username", "in", list(names)),
            ],
            order="id desc",
        ):
            known[partner.ebay_username] = partner
            known[partner.ebay_user_ref] = partner
        for plan in plans:
            if plan.order.buyer.username:
                plan.partner = known.get(plan.order.buyer.username)

    def _find_by_former_orders(self, plans):
        """Whoever bought under this name before, whatever the name is by now."""
        names = {plan.order.buyer.username for plan in plans} - {None}
        if not names:
            return
        known = {}
        for row in self.env["ebay.order"].search_fetch(
            [
                ("account_id", "=", self.lookups.account.id),
                ("buyer_username", "in", list(names)),
                ("sale_order_id", "!=", False),
                ("erased_at", "=", False),
            ],
            ["buyer_username", "sale_order_id"],
            order="id",
        ):
            partner = row.sale_order_id.partner_id
            if partner.active and partner.ebay_username:
                known[row.buyer_username] = partner
        for plan in plans:
            plan.partner = known.get(plan.order.buyer.username)

    def _find_by_address(self, plans, values_by_row):
        wanted = {}
        for plan in plans:
            if self._has_place(plan):
                wanted[plan.row.id] = values_by_row[plan.row.id]
        zips = {values["zip"] for values in wanted.values() if values["zip"]}
        if not zips:
            return
        by_address = defaultdict(list)
        for partner in self.Partner.search(
            [
                ("zip", "in", list(zips)),
                ("parent_id", "=", False),
                ("company_id", "in", (self.lookups.company.id, False)),
            ]
        ):
            by_address[_address_key(partner)].append(partner)
        for plan in plans:
            found = by_address.get(_values_key(wanted.get(plan.row.id)), [])
            buyers = [one for one in found if one.ebay_username]
            others = [one for one in found if not one.ebay_username]
            if len(others) == 1:
                self._is(plan, others[0])
            elif len(buyers) == 1 and not others:
                self._is(plan, buyers[0])
            elif found:
                plan.remark(
                    "partner_ambiguous",
                    severity="warning",
                    name=found[0].name,
                    count=len(others or buyers),
                )

    def _has_place(self, plan):
        party = self._buyer_party(plan.order)
        return bool(party and party.is_named and party.has_street)

    def _is(self, plan, partner):
        """This partner is the buyer; under a new name, the inbox says so."""
        name, former = plan.order.buyer.username, partner.ebay_username
        plan.partner = partner
        if not name or name == former:
            return
        partner.ebay_username = name
        if former:
            plan.remark("buyer_renamed", name=partner.name, new=name, former=former)

    def _make_buyers(self, plans, values_by_row):
        """One partner for each new buyer, however many orders the batch has of them."""
        firsts, by_name, by_place = {}, {}, {}
        for plan in plans:
            name = plan.order.buyer.username or plan.order.order_ref
            place = self._has_place(plan) and _values_key(values_by_row[plan.row.id])
            first = by_name.get(name) or by_place.get(place or None) or plan.row.id
            firsts.setdefault(first, []).append(plan)
            by_name[name] = first
            if place:
                by_place.setdefault(place, first)
        made = self.Partner.create([values_by_row[first] for first in firsts])
        for partner, buyers in zip(made, firsts.values(), strict=True):
            for plan in buyers:
                self._is(plan, partner)

    def _buyer_values(self, plan):
        order = plan.order
        party = self._buyer_party(order)
        name = order.buyer.username or order.order_ref
        if party is None or not party.is_named:
            values = {
                "name": self.env._("eBay buyer %(name)s", name=name),
                "ebay_is_placeholder": True,
            }
            if party is not None:
                values = {**self._values(party, plan), **values}
        else:
            values = {**self._values(party, plan), **_company_values(party)}
        country = self.env["res.country"].browse(values.get("country_id") or ())
        values.update(
            lang=self.lookups.language(country),
            ebay_username=order.buyer.username,
            customer_rank=1,
        )
        return self.hooks._prepare_partner_values(
            values, kind="buyer", party=party, **plan.source
        )

    @staticmethod
    def _buyer_party(order):
        return order.invoice_to or order.fulfillment.buyers_own

    # -- addresses -------------------------------------------------------------

    def _place_addresses(self, plans):
        children = defaultdict(list)
        for child in self.Partner.search(
            [
                ("parent_id", "in", [plan.partner.id for plan in plans]),
                ("type", "in", ("delivery", "invoice")),
            ]
        ):
            children[child.parent_id, child.type].append(child)
        for plan in plans:
            plan.invoice_partner = self._placed(
                plan, children, plan.order.invoice_to, "invoice"
            )
            deliver_to = plan.order.fulfillment.deliver_to
            self._check_locker(deliver_to, plan)
            plan.delivery_partner = self._placed(plan, children, deliver_to, "delivery")

    def _placed(self, plan, children, party, kind):
        """The partner itself or the child with exactly this address; made if new."""
        partner = plan.partner
        if party is None or not party.has_street:
            return partner
        values = self._values(party, plan)
        if kind == "delivery" and party.company and party.name:
            values["name"] = party.name[:250]  # below the company, which is the parent
        values.update(
            name=values["name"] or partner.name,
            parent_id=partner.id,
            type=kind,
            lang=partner.lang,
        )
        values = self.hooks._prepare_partner_values(
            values, kind=kind, party=party, **plan.source
        )
        key = _values_key(values)
        candidates = [partner, *children[partner, kind]]
        for candidate in candidates:
            if _address_key(candidate) == key:
                _add_contact(candidate, values)
                return candidate
        child = self.Partner.create(values)
        children[partner, kind].append(child)
        return child

    def _values(self, party, plan):
        """A party as values of a partner; what cannot be placed is kept and told."""
        address = party.address
        values = {
            "name": (party.company or party.name or "")[:250],
            "email": party.email or False,
            "phone": party.phone or party.phone_text or False,
            "street": False,
            "street2": False,
            "city": False,
            "zip": False,
            "state_id": False,
            "country_id": False,
        }
        if address is None:
            return values
        country = self.lookups.countries.get(address.country)
        said = address.country or address.country_text
        if said and not country:
            plan.remark("country_unknown", said, severity="warning", country=said)
        values.update(
            street=address.street or False,
            street2=address.street2 or False,
            city=address.city or False,
            zip=address.postal_code or False,
            country_id=country.id if country else False,
        )
        if address.state:
            state = self.lookups.state(address.country, address.state)
            values["state_id"] = state.id or False
            if not state:
                self._keep_state(values, address, country, plan)
        return values

    @staticmethod
    def _check_locker(party, plan):
        """DHL sends back what goes to a Packstation without the buyer's number."""
        locker = party and party.address and party.address.locker
        if not locker or locker.kind != "packstation" or locker.post_number:
            return
        if not post_number_in((party.name, party.company)):
            plan.remark(
                "locker_number_missing",
                locker.number,
                severity="warning",
                locker=locker.number,
            )

    @staticmethod
    def _keep_state(values, address, country, plan):
        """A state that Odoo does not know stays as text, beside the address.

        It is asked about only where Odoo knows the country's states and an address
        there needs one.
        """
        values["ebay_province"] = address.state
        if country and states_matter(country):
            plan.remark(
                "state_unknown",
                f"{address.country} {address.state}",
                state=address.state,
                country=address.country or "-",
            )


def _company_values(party):
    """A company is the partner; the person who ordered is its contact."""
    if not party.company:
        return {"is_company": False}
    values = {"is_company": True}
    if party.name and party.name != party.company:
        contact = {"name": party.name[:250], "type": "contact"}
        values["child_ids"] = [Command.create(contact)]
    return values


def same_place(partner, other):
    """Whether two partners have the same address, whoever lives there."""
    return _address_key(partner)[1:] == _address_key(other)[1:]


def _add_contact(partner, values):
    """Phone and e-mail that the same address came with, where there is none yet."""
    added = {
        name: values[name]
        for name in ("phone", "email")
        if values[name] and not partner[name]
    }
    if added and not partner.is_company:
        partner.write(added)


def _address_key(partner):
    return tuple(
        partner[name].id or False
        if name.endswith("_id")
        else _without_case(partner[name])
        for name in ADDRESS_FIELDS
    )


def _values_key(values):
    return values and tuple(
        values.get(name) or False
        if name.endswith("_id")
        else _without_case(values.get(name))
        for name in ADDRESS_FIELDS
    )


def _without_case(text):
    """Two texts that differ in capitals and blanks only are one."""
    return " ".join((text or "").split()).casefold()
