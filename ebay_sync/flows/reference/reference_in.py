"""eBay's reference data -> Odoo: locations, business policies, carriers, categories.

Each part is fetched, mapped, stored and committed for itself; what goes wrong in one
does not stop the others. eBay has no versions for locations and policies, so they are
fetched and compared; a category tree is fetched when its version has changed.
"""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import NamedTuple

from odoo import api, models

from ...ebay_api.errors import Rejected
from ...mapping.reference.location import Place, map_locations, match_place
from ...mapping.reference.policy import has_policies, map_policies
from ...mapping.shipments.carriers import map_carriers
from ...private_log import added_once
from ..engine.run import explain
from ..engine.upsert import upsert, write_changes
from .category_trees import CategoryTrees

INVALID_FIELD = "20403"  # also eBay's answer to sellers without business policies
MOST_DROPPED_LINES = 20


class NotOptedIn(Exception):
    """The seller does not use business policies."""


class Part(NamedTuple):
    """One thing to bring up to date. ``work(run)`` returns unusable entries' notes."""

    kind: str
    detail: str
    label: str
    work: Callable

    @property
    def key(self):
        """What the part is called from one run to the next."""
        return f"{self.kind} {self.detail}".strip()


class EbayFlowReferenceIn(models.AbstractModel):
    """Locations, policies and categories, as eBay has them."""

    _name = "ebay.flow.reference.in"
    _description = "eBay flow: reference data"
    _inherit = "ebay.flow"

    _flow_name = "reference_in"
    _flow_sequence = 800
    _flow_interval = (1, "days")
    _flow_modes = ("mirror", "live")

    @api.model
    def _flow_label(self):
        return self.env._("Reference data")

    @api.model
    def _work(self, run):
        """Bring every part up to date; one that fails does not stop the others."""
        parts = self._unfinished(run.account, self._parts(self._places(run)))
        while parts and not run.more:
            if self._do(run, parts[0]):
                parts = parts if run.more else parts[1:]
            else:
                self._say_not_opted_in(run)
                parts = [part for part in parts if part.kind != "policies"]
            run.more = run.more or (bool(parts) and not run.checkpoint.has_time())
        self._remember(run, parts)

    def _parts(self, places):
        """What there is to do, quick things first."""
        read_buyers = self.env["ebay.buyer.tokens"]._read
        parts = [
            Part("locations", "", self.env._("Locations"), self._locations),
            Part("buyers", "", self.env._("Buyers"), read_buyers),
        ]
        for place, (kind, name) in product(places, self.env["ebay.policy"]._kinds()):
            label = self.env._(
                "%(kind)s policies of %(place)s", kind=name, place=place.code
            )
            work = partial(self._policies, place=place, kind=kind)
            parts.append(Part("policies", f"{place.code} {kind}", label, work))
        for place in places:
            label = self.env._("Carriers of %(place)s", place=place.code)
            work = partial(self._carriers, place=place)
            parts.append(Part("carriers", place.code, label, work))
        for place in places:
            label = self.env._("Categories of %(place)s", place=place.code)
            work = partial(self._categories, place=place)
            parts.append(Part("categories", place.code, label, work))
        return parts

    # -- one part after the other ----------------------------------------------

    def _unfinished(self, account, parts):
        """The parts from the one at which the last run ran out of time."""
        for index, part in enumerate(parts):
            if part.key == account.reference_resume:
                return parts[index:]
        return parts

    def _remember(self, run, parts):
        """Note where to continue when the time is up; otherwise nothing is written."""
        resume = parts[0].key if parts else False
        if (run.account.reference_resume or False) != resume:
            run.account.reference_resume = resume

    def _do(self, run, part):
        """Do one part and commit it, or log why that failed.

        False where the seller does not use what it is about.
        """
        with run.part() as tried:
            try:
                self._log_dropped(run, part, part.work(run))
            except NotOptedIn:
                return False
        if error := tried.error:
            run.counts["failed"] += 1
            run.line(
                "failed",
                run.account,
                message=f"{part.label}: {explain(error)}",
                error=error,
            )
        run.save()
        return True

    def _log_dropped(self, run, part, dropped):
        """Say which entries of eBay's answer could not be used."""
        run.counts["failed"] += len(dropped)
        for note in dropped[:MOST_DROPPED_LINES]:
            run.line(
                "failed",
                run.account,
                message=self.env._(
                    "%(part)s: eBay sent an entry that cannot be used (%(code)s, "
                    "%(path)s)",
                    part=part.label,
                    code=note.code,
                    path=note.path,
                ),
            )

    # -- marketplaces ----------------------------------------------------------

    def _places(self, run):
        """The account's marketplaces; one that is new to us is added to the list."""
        code = run.account.registration_marketplace
        places = run.account._served_marketplaces()
        if not places and code:
            known = places.with_context(active_test=False)
            places = known.search([("code", "=", code)])
        if not places and code:
            with added_once(self.env):
                places = places.create({"code": code, "name": code})
            run.save()  # a part that fails must not take it back
        if not places:
            self._note(
                run,
                self.env._(
                    "Choose the account's marketplaces: without any, there are "
                    "no policies and no categories."
                ),
            )
            run.save()
        return places

    def _note(self, run, text):
        """Show on the account and in the log what is missing; False: nothing."""
        if (run.account.reference_note or False) != text:
            run.account.reference_note = text
        if text:
            run.counts["failed"] += 1
            run.line("failed", run.account, message=text)

    # -- locations -------------------------------------------------------------

    def _locations(self, run):
        """All merchant locations, and which warehouse each of them may be."""
        pages = [map_locations(page) for page in run.client.inventory.location_pages()]
        found = {}
        for page in reversed(pages):  # of two with the same key the first one counts
            found.update(page.by_ref)
        country_ids = {
            country.code: country.id for country in self.env["res.country"].search([])
        }
        wanted = {
            ref: self._location_values(run.account, location, country_ids)
            for ref, location in found.items()
        }
        Location = self.env["ebay.location"].with_context(active_test=False)
        stored = Location.search([("account_id", "=", run.account.id)])
        complete = all(page.complete for page in pages)
        upsert(run, stored, "location_ref", wanted, complete)
        self._propose(run, found)
        return [note for page in pages for note in page.dropped]

    def _location_values(self, account, location, country_ids):
        return {
            "account_id": account.id,
            "location_ref": location.ref,
            "name": location.name,
            "enabled": location.enabled,
            "status": location.status or False,
            "types": location.types or False,
            "street": location.street or False,
            "street2": location.street2 or False,
            "city": location.city or False,
            "state_name": location.state or False,
            "zip": location.postal_code or False,
            "country_id": country_ids.get(location.country, False),
        }

    def _propose(self, run, found):
        """Name the warehouse that fits exactly; the manager has the last word."""
        unmapped = self.env["ebay.location"].search(
            [("account_id", "=", run.account.id), ("warehouse_id", "=", False)]
        )
        if not unmapped:
            return
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "=", run.account.company_id.id)]
        )
        places = [(warehouse.id, self._place(warehouse)) for warehouse in warehouses]
        for location in unmapped.filtered(lambda row: row.location_ref in found):
            fitting = match_place(found[location.location_ref], places)
            write_changes(location, {"proposed_warehouse_id": fitting or False})

    def _place(self, warehouse):
        partner = warehouse.partner_id
        return Place(
            name=warehouse.name or "",
            street=partner.street or "",
            city=partner.city or "",
            postal_code=partner.zip or "",
            country=partner.country_id.code or "",
        )

    # -- carriers --------------------------------------------------------------

    def _carriers(self, run, place):
        """The carriers that eBay names for a site; read and compared, as they have no
        version that could be asked for."""
        client = run.client.for_marketplace(place.code, place.locale or "")
        codes = map_carriers(client.trading.get_ebay_details("ShippingCarrierDetails"))
        run.counts["seen"] += 1
        if place.carrier_codes == codes:
            run.counts["unchanged"] += 1
            return ()
        before = place.carrier_codes or {}
        # sudo: the list of marketplaces is the managers'; this column is eBay's
        place.sudo().carrier_codes = codes
        run.counts["updated"] += 1
        run.line(
            "updated",
            place,
            changes={
                "carriers": [
                    sorted(before.keys() - codes),
                    sorted(codes.keys() - before),
                ]
            },
        )
        return ()

    # -- business policies -----------------------------------------------------

    def _policies(self, run, place, kind):
        """The policies of one kind on one marketplace."""
        client = run.client.for_marketplace(place.code, place.locale or "")
        fetch = getattr(client.account, f"get_{kind}_policies")
        try:
            document = fetch(place.code)
        except Rejected as error:
            if error.has(INVALID_FIELD) and not self._opted_in(client):
                raise NotOptedIn from None
            raise
        entries = map_policies(document, kind)
        self._note(run, False)
        wanted = {
            ref: self._policy_values(run.account, place, kind, policy)
            for ref, policy in entries.by_ref.items()
        }
        Policy = self.env["ebay.policy"].with_context(active_test=False)
        stored = Policy.search(
            [
                ("account_id", "=", run.account.id),
                ("marketplace_id", "=", place.id),
                ("kind", "=", kind),
            ]
        )
        upsert(run, stored, "policy_ref", wanted, entries.complete)
        return entries.dropped

    def _policy_values(self, account, place, kind, policy):
        return {
            "account_id": account.id,
            "marketplace_id": place.id,
            "kind": kind,
            "policy_ref": policy.ref,
            "name": policy.name,
            "description": policy.description or False,
            "category_types": policy.category_types or False,
            "handling_days": policy.handling_days or 0,
            "services": policy.services or False,
            "immediate_payment": policy.immediate_payment,
            "returns_accepted": policy.returns_accepted,
            "return_days": policy.return_days or 0,
            "return_payer": policy.return_payer or False,
        }

    def _opted_in(self, client):
        """Whether the seller uses business policies; the refusal may mean either."""
        try:
            return has_policies(client.account.get_opted_in_programs())
        except Rejected as error:
            if error.not_found:
                return False
            raise

    def _say_not_opted_in(self, run):
        self._note(
            run,
            self.env._(
                "The seller does not use eBay's business policies yet. Switch "
                "them on in the account settings on eBay. It takes up to a day."
            ),
        )
        run.save()

    # -- categories ------------------------------------------------------------

    def _categories(self, run, place):
        """The category tree of one marketplace, when its version is new."""
        return CategoryTrees(run).bring_up_to_date(place)
