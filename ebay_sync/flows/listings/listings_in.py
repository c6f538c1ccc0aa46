"""eBay's listings come into Odoo: changes -> full sweep -> details -> links.

Between the sweeps (``sweep.py``) GetSellerEvents tells what changed. No listing is
ever converted or changed here.
"""

import logging
from datetime import timedelta
from itertools import islice

from odoo import api, fields, models

from ...ebay_api.bulk import LARGEST_BATCH
from ...ebay_api.errors import Rejected
from ...ebay_api.trading import TooManyChanges
from ...mapping.listings.inventory import map_known_skus
from ...mapping.listings.listing import FULL_FIELDS, map_item, map_items
from ..engine.run import aware_utc, naive_utc, utcnow
from .link import ListingLinker
from .products import ProductMaker
from .store import ListingStore
from .sweep import ListingSweep
from .takeover import Takeover

_logger = logging.getLogger(__name__)

# Looking back finds what eBay lists late; what did not change is not written.
OVERLAP = timedelta(minutes=5)
# A longer gap than this is cheaper to close with a sweep.
LONGEST_GAP = timedelta(days=2)
# A sweep reads everything anyway: between its slices, changes may wait so long.
WAIT_IN_SWEEP = timedelta(minutes=10)
DETAILS_AT_ONCE = 1000


class EbayFlowListingsIn(models.AbstractModel):
    """What is live on eBay -> ebay.listing."""

    _name = "ebay.flow.listings.in"
    _description = "eBay flow: listings in"
    _inherit = "ebay.flow"

    _flow_name = "listings_in"
    _flow_sequence = 20
    _flow_interval = (10, "minutes")

    @api.model
    def _flow_label(self):
        return self.env._("Listings")

    @api.model
    def _work(self, run):
        """Bring the mirror up to date, then what depends on it."""
        sweeping = run.account._open_sweep()
        self._fetch(run, self._fetch_changes)
        self._fetch(run, self._sweep)
        if sweeping.stage == "done":  # now what it kept waiting
            self._fetch(run, self._fetch_changes)
        self._fetch(run, self._fetch_details)
        ProductMaker(run).make_wanted()
        ListingLinker(run).link()
        if not run.troubles:  # it trusts what was read a moment ago
            Takeover(run).go_on()

    def _fetch(self, run, fetch):
        """One way of learning from eBay; if it fails, the others may still work."""
        with run.part():
            fetch(run, ListingStore(run))

    @api.model
    def _set_ended(self, run, rows):
        """Another flow has learned that eBay no longer has these listings."""
        ListingStore(run).set_ended(rows)

    # -- what changed ------------------------------------------------------------

    def _fetch_changes(self, run, store):
        """What changed since the last time; the cursor moves once all is stored."""
        account = run.account
        if not account.listings_read_until_at:
            return
        read_until, end = aware_utc(account.listings_read_until_at), utcnow()
        start = read_until - OVERLAP
        if end - start > LONGEST_GAP:
            self._read_all(account, end)
            return
        if account._open_sweep() and end - read_until < WAIT_IN_SWEEP:
            return
        try:
            for reply in run.client.trading.event_windows((start, end), FULL_FIELDS):
                snapshots, notes = map_items(reply)
                self._note(run, notes)
                store.store(snapshots)
                run.save(len(snapshots))
        except TooManyChanges:
            self._read_all(account, end)
            return
        account.listings_read_until_at = naive_utc(end)
        self._find_owners(run, store, store.created)
        run.save()

    def _read_all(self, account, end):
        """What changed until ``end`` cannot be listed: everything is read instead."""
        account.write(
            {"listings_swept_at": False, "listings_read_until_at": naive_utc(end)}
        )

    def _find_owners(self, run, store, rows):
        """Ask the Inventory API which of the new SKUs are its own."""
        skus = iter(sorted(set(rows.mapped("sku")) - {False}))
        while batch := list(islice(skus, LARGEST_BATCH)):
            reply = run.client.inventory.bulk_get_items(batch)
            store.add_item_facts(map_known_skus(reply))

    def _note(self, run, notes):
        """Entries of eBay's that cannot be read: counted, logged, skipped."""
        for note in notes:
            if note.code == "unusable":
                run.counts["failed"] += 1
                run.line(
                    "failed",
                    message=self.env._(
                        "eBay named a listing that cannot be read (%(path)s).",
                        path=note.path,
                    ),
                )

    # -- everything --------------------------------------------------------------

    def _sweep(self, run, store):
        """Continue the sweep that is under way, or begin one that is due."""
        account = run.account
        sweep = account._open_sweep()
        if not sweep and not self._sweep_is_due(account):
            return
        sweep = sweep or sweep.create({"account_id": account.id})
        if not account.listings_read_until_at:
            account.listings_read_until_at = sweep.started_at
        run.save()
        ListingSweep(run, store, sweep, self._note).go()

    def _sweep_is_due(self, account):
        last = account.listings_swept_at
        hours = timedelta(hours=account.sweep_hours)
        return not last or last <= fields.Datetime.now() - hours

    # -- single listings ---------------------------------------------------------

    def _fetch_details(self, run, store):
        """Read in full what a person or another step has asked for."""
        if run.more:
            return
        wanted = store.Listing.search(
            [("account_id", "=", run.account.id), ("details_wanted", "=", True)],
            order="id",
            limit=DETAILS_AT_ONCE,
        )
        for ref, rows in list(wanted.grouped("listing_ref").items()):
            self._fetch_one(run, store, ref, rows)
            if not run.save(1):
                run.more = True
                return
        run.more = len(wanted) == DETAILS_AT_ONCE  # then there may be others

    def _fetch_one(self, run, store, ref, rows):
        done = {"detailed_at": fields.Datetime.now(), "details_wanted": False}
        with run.record() as tried:
            snapshot = map_item(run.client.trading.get_item(ref, FULL_FIELDS))
            store.store([snapshot], **done)
        error = tried.error
        if not tried.passes:
            rows.filtered("details_wanted").details_wanted = False
        if isinstance(error, Rejected) and error.not_found:
            store.set_ended(rows.filtered("active"))
        elif error:
            run.failed(rows[:1], error)
