"""The blast-radius stop: what looks like an accident is not sent without approval.

Too many listings that would go to zero, and prices that would move too far, are held
back; a manager is asked once, with the list, and an approval is for exactly that list.
All the rest goes out at once: a sale must not wait for a question about others. Only
where many prices move far at a time, all prices wait: what moved those too far moved
the others too.
"""

# A small shop may sell out: fewer than this many are never an accident.
FEW = 5
LIST_AT_MOST = 10_000


class PushGuard:
    """Looks at what a run is about to send: (listing id, shown now, to be shown)."""

    def __init__(self, run, flow):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.flow = flow
        self.Held = self.env["ebay.held.push"]

    def held_back(self, moves):
        """The ids of the listings that wait for a manager's decision."""
        approved = self.Held._approved(self.account, self.flow)
        alarming = [
            (listing_id, before, after)
            for listing_id, before, after in moves
            if self._is_alarming(before, after)
            and approved.get(listing_id) != float(after)
        ]
        waiting = self.Held._waiting(self.account, self.flow)
        if not self._too_many(alarming):
            waiting._drop()
            return frozenset()
        held = waiting or self.Held.create(
            {"account_id": self.account.id, "flow": self.flow}
        )
        held._list(alarming[:LIST_AT_MOST], len(alarming))
        stopped = frozenset(move[0] for move in self._stopped(alarming, moves))
        self.run.counts["skipped"] += len(stopped)
        self.run.line("failed", held, message=held._sentence())
        self.run.save()
        return stopped

    def _stopped(self, alarming, moves):
        all_wait = self.flow == "prices_out" and len(alarming) >= FEW
        return moves if all_wait else alarming

    def _is_alarming(self, before, after):
        if self.flow == "stock_out":
            return after == 0 and before > 0
        limit = self.account.price_move_limit
        return bool(before) and abs(after - before) > before * limit / 100

    def _too_many(self, alarming):
        if self.flow == "prices_out":
            return bool(alarming)
        if len(alarming) < FEW:
            return False
        live = self.env["ebay.listing"].search_count(
            [
                ("account_id", "=", self.account.id),
                ("product_id", "!=", False),
                ("stock_master", "=", "odoo"),
                ("quantity", ">", 0),
            ]
        )
        return len(alarming) > live * self.account.stock_zero_limit / 100
