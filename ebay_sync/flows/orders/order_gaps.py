"""Windows of which eBay showed fewer orders than it counted: read again until whole.

The time up to which orders are read advances without them, because one order that eBay
hides must not keep all others away. What is not whole is kept on the account, is cut in
two at each try, so that asking again costs ever less, and stands in the inbox once.
"""

from datetime import datetime, timedelta

from ..engine.run import aware_utc, naive_utc, utcnow

# Minutes until a window is read again, by the number of tries so far.
RETRY_MINUTES = (1, 5, 15, 60, 240, 1440)
SMALLEST = timedelta(minutes=1)
AT_ONCE = 3
# An eBay that always counts too many makes one in every run: neighbours are joined.
MOST = 20
CODE = "orders_not_shown"


class OrderGaps:
    """The windows of one account that are not whole yet."""

    def __init__(self, run):
        self.run = run
        self.account = run.account

    def note(self, start, end, counted, shown, tries=0):
        """Remember a window and put it into the inbox; it is committed with the run."""
        self._keep(self._all() + [_gap(start, end, tries)])
        self.run.counts["failed"] += 1
        message = self.run.env._(
            "eBay counts %(total)s changed orders and shows %(shown)s.",
            total=counted,
            shown=shown,
        )
        self.run.line("failed", message=message)
        self.run.env["ebay.issue"]._raise(
            self.account,
            CODE,
            total=counted,
            shown=shown,
            start=_minute(start),
            end=_minute(end),
        )

    def read_again(self, walk):
        """Read what is due: ``walk(start, end)`` stores a window and returns how many
        orders eBay counted and how many it showed."""
        for gap in self._due():
            if not self.run.checkpoint.has_time():
                self.run.more = True
                return
            self._read(gap, walk)
            self.run.save()

    def _read(self, gap, walk):
        start, end = (
            datetime.fromisoformat(gap["from"]),
            datetime.fromisoformat(gap["to"]),
        )
        parts = [(start, end)]
        with self.run.record(self.account):
            counted, shown = walk(start, end)
            parts = [] if shown >= counted else _halves(start, end)
        others = [one for one in self._all() if one != gap]
        tries = gap["tries"] + 1
        self._keep(others + [_gap(*part, tries) for part in parts])
        if not self.account.order_gaps:
            self._close()

    def _close(self):
        self.run.env["ebay.issue"].search(
            [
                ("account_id", "=", self.account.id),
                ("code", "=", CODE),
                ("state", "=", "open"),
            ]
        )._close()

    # -- the list on the account ---------------------------------------------------

    def _all(self):
        return list(self.account.order_gaps or [])

    def _due(self):
        now = utcnow().isoformat(timespec="microseconds")
        due = [gap for gap in self._all() if gap["next_at"] <= now]
        return sorted(due, key=lambda gap: gap["next_at"])[:AT_ONCE]

    def _keep(self, gaps):
        gaps = sorted(gaps, key=lambda gap: gap["from"])
        while len(gaps) > MOST:
            first, second, *gaps = gaps
            joined = {
                **second,
                "from": first["from"],
                "to": max(first["to"], second["to"]),
                "tries": max(first["tries"], second["tries"]),
            }
            gaps = [joined, *gaps]
        self.account.order_gaps = gaps or False
        if gaps:
            first = min(datetime.fromisoformat(gap["next_at"]) for gap in gaps)
            self.account._wake("orders_in", at=naive_utc(max(first, utcnow())))


def _gap(start, end, tries):
    """A window as it stands on the account: texts, which sort like their times."""
    wait = timedelta(minutes=RETRY_MINUTES[min(tries, len(RETRY_MINUTES) - 1)])
    return {
        "from": aware_utc(start).isoformat(timespec="microseconds"),
        "to": aware_utc(end).isoformat(timespec="microseconds"),
        "tries": tries,
        "next_at": (utcnow() + wait).isoformat(timespec="microseconds"),
    }


def _halves(start, end):
    """A window in two, that meet in the middle; a small one as it is."""
    if end - start <= SMALLEST:
        return [(start, end)]
    middle = start + (end - start) / 2
    return [(start, middle), (middle, end)]


def _minute(moment):
    """A time for people to compare with eBay's own list."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
