"""Ends the listings on eBay that a manager has chosen.

What is wanted stands at the listing until eBay has said that it is over. Ending once
more does no harm, so a lost answer or a crash is made good by the next run.
"""

from ...ebay_api.errors import Rejected
from ...models.engine.ebay_access_mixin import MANAGER
from ...models.stock_prices.listing_push import ISSUES
from ..engine.run import explain
from ..engine.wishes import Wishes
from .push_answers import CONVERTED, GONE, LONGEST_WORDS, PushAnswers

# Of the Inventory API: its offer is no longer published.
OFFER_GONE = frozenset({"25713", "25725"})
REFUSED = "end_refused"


class ListingEnd:
    """Ends what is marked, each listing with all its variations, and logs it."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account

    def go_on(self):
        """Trouble with one listing stops neither the others nor stock."""
        rows = self.env["ebay.listing"].search(
            [("account_id", "=", self.account.id), ("end_wanted_at", "!=", False)]
        )
        wanted = Wishes(self.run, MANAGER).standing(rows, "end_wanted_uid")
        (rows - wanted)._forget_end()
        for _owner, part in wanted.grouped("owner").items():
            with self.run.part():
                for group in part.grouped("listing_ref").values():
                    self._treat(group)

    def _treat(self, group):
        with self.run.record() as tried:
            self._end(group)
        error = tried.error
        if isinstance(error, Rejected):
            self._refused(group, error)
        elif error:
            self.run.line("failed", group[0], message=explain(error), error=error)
            if not tried.passes:
                self._tell(group, error)
        else:
            self._ended(group)
        self.run.save()

    def _end(self, rows):
        row = rows[0]
        client = self.run.client
        if row.owner != "inventory":
            client.trading.end_fixed_price_item(row.listing_ref or "")
        elif row.group_ref and row.is_variation:
            place = row.marketplace_id.code or ""
            client.inventory.withdraw_group(row.group_ref, place)
        else:
            if not row.offer_ref:
                PushAnswers(self.run).find_offers(row.sku, row)
            client.inventory.withdraw_offer(row.offer_ref or "")

    def _ended(self, rows):
        self.env["ebay.flow.listings.in"]._set_ended(self.run, rows)
        rows._forget_end()
        rows._close_push_issues((*ISSUES, REFUSED))

    def _refused(self, rows, error):
        """Over already: the mirror tells. Converted: the other way, next time."""
        ids = set(error.error_ids)
        if ids & CONVERTED:
            rows.write({"owner": "inventory", "offer_ref": False})
            self.account._wake(self.run.flow._flow_name)
            return
        rows._forget_end()
        rows.details_wanted = True
        self.account._wake("listings_in")
        if ids & (GONE | OFFER_GONE) or error.not_found:
            return
        self.run.line("failed", rows[0], message=str(error), error=error)
        self._tell(rows, error)

    def _tell(self, rows, error):
        self.env["ebay.issue"]._raise(
            self.account,
            REFUSED,
            record=rows[0],
            title=rows[0].display_name,
            words=str(error)[:LONGEST_WORDS],
        )
