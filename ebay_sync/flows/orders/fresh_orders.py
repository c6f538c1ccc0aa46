"""Orders first: nothing is sent to eBay before its newest sales are known here."""

import time
from datetime import timedelta

from ...compat import advisory_lock
from ..engine.run import aware_utc, naive_utc, utcnow

# Read so lately, orders are fresh enough; a run of orders_in leaves 15 seconds open.
FRESH = timedelta(seconds=45)
# An order may show later than the quantity that it took, and a run of orders_in leaves
# the last seconds open: what changed so long ago is explained by the orders known.
ORDERS_LAG = timedelta(minutes=1)
PATIENCE = 20.0
LOOK_AGAIN = timedelta(seconds=30)


class FreshOrders:
    """Fetches and stores orders inside another flow's run."""

    def __init__(self, run):
        self.run = run
        self.account = run.account
        self.brought_news = False
        self.failed = False  # eBay's orders could not be read just now
        self.are_off = False  # and that will not pass by itself

    def are_here(self):
        """Whether all sales up to now are stored; otherwise the run comes again.

        Where eBay's orders cannot be read, ``are_off`` says whether it will pass.
        """
        deadline = time.monotonic() + PATIENCE
        while not self._are_fresh():
            fetched = self._fetch()
            if self.failed:
                return False
            if fetched and not self._are_fresh():
                break
            if time.monotonic() > deadline:
                break
            if not self._are_fresh():
                time.sleep(0.5)
                self._forget()
        if self._are_fresh():
            return True
        again = naive_utc(utcnow() + LOOK_AGAIN)
        self.account._wake(self.run.flow._flow_name, at=again)
        self.run.line(
            "failed",
            message=self.run.env._("Waits until eBay's newest orders are stored."),
        )
        return False

    def _are_fresh(self):
        read_until = self.account.orders_read_until_at
        return bool(read_until) and aware_utc(read_until) > utcnow() - FRESH

    def _fetch(self):
        """Fetch what changed, unless orders_in is at it; returns whether we did."""
        self.run.save()
        env = self.run.env
        with advisory_lock(env, "flow", self.account.id, "orders_in") as free:
            if not free:
                return False
            mine = self.run.counts.copy()
            with self.run.part() as tried:
                env["ebay.flow.orders.in"]._fetch_changed(self.run)
            fetched = self.run.counts - mine
            self.run.counts = mine
            self.failed = tried.error is not None
            self.are_off = self.failed and not tried.passes
        if fetched["seen"] > fetched["unchanged"]:
            self.brought_news = True
            self.account._wake("orders_in")
            self.run.save()
        return True

    def _forget(self):
        """See what another worker has committed meanwhile."""
        self.run.save()
        self.account.invalidate_recordset(["orders_read_until_at"])
        self.brought_news = True
