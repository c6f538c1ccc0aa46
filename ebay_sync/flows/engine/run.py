"""What the steps of one run share: client, counts, requests, the log, the clock."""

import logging
from collections import Counter
from datetime import datetime, timezone

from odoo import fields
from odoo.exceptions import UserError

from ...compat import CONCURRENCY, Checkpoint, try_lock
from ...ebay_api.errors import AuthError, RateLimited, Transient, WritesRefused
from ...rows import insert_rows

_logger = logging.getLogger(__name__)

SLICE_SECONDS = 60
REQUEST_REFS_KEPT = 20
SETTLE_TRIES = 5

# What ends the account's turn rather than one record's.
ENDS_THE_TURN = (AuthError, RateLimited, Transient, WritesRefused)


class Run:
    """One run of one flow for one account.

    ``more`` is set by a step that left work behind; the flow then wakes itself.
    """

    def __init__(self, flow, account, origin, seconds=SLICE_SECONDS):
        self.flow = flow
        self.env = flow.env
        self.account = account
        self.origin = origin
        self.checkpoint = Checkpoint(flow.env, seconds)
        self.counts = Counter()
        self.requests = []
        self.more = False
        self.log_sudo = None
        self._client = None

    # -- opening and closing ---------------------------------------------------

    def open(self):
        """Write the log's first line and commit it, so that a crash leaves a trace."""
        self.settle(self._begin_log)

    def close(self, state, message=False, wake_at=None):
        """Write the result and when to run again (naive UTC), and commit both."""
        self._write_log(state=state, message=message, ended_at=fields.Datetime.now())
        if wake_at:
            self.account._wake(self.flow._flow_name, at=wake_at)
        self.checkpoint()

    def settle(self, step):
        """Do a short step that ends with a commit; again where another got in between.

        For what stands before and after the work and has nothing to give way with: a
        request that writes the account's row makes PostgreSQL refuse a log's.
        """
        for left in reversed(range(SETTLE_TRIES)):
            try:
                return step()
            except CONCURRENCY as error:
                self.checkpoint.undo()
                if not left:
                    raise
                _logger.info("eBay %s steps again: %s", self.flow._flow_name, error)

    def _begin_log(self):
        Log = self.env["ebay.sync.log"].sudo()  # the log is nobody's to write by hand
        self.log_sudo = Log._begin(self.account, self.flow._flow_name, self.origin)
        self.checkpoint()

    def save(self, processed=0):
        """Commit with the counts so far; true while there is time for more."""
        self._write_log()
        return self.checkpoint(processed)

    def _write_log(self, **values):
        figures = request_figures(self.requests)
        self.log_sudo.write({**self.counts_values(), **figures, **values})

    def counts_values(self):
        """The counters as values of ``ebay.sync.log``."""
        names = ("seen", "created", "updated", "unchanged", "failed", "skipped")
        return {f"{name}_count": self.counts[name] for name in names}

    # -- eBay ------------------------------------------------------------------

    @property
    def client(self):
        """The account's eBay client; every request it makes is counted here."""
        if self._client is None:
            self._client = self.account._client(listener=self.requests.append)
        return self._client

    # -- records ---------------------------------------------------------------

    def each(self, records, work):
        """Do ``work(record)`` for each record: locked, in a savepoint, committed.

        ``work`` returns ``created``, ``updated`` or ``unchanged``, or such a word and
        the differences as ``{field: [before, after]}``. A record that another worker
        holds is skipped; one that raises is rolled back, logged and stepped over.
        What concerns the whole account (no token, no quota, eBay down) is raised.
        """
        for record in records:
            if not try_lock(record):
                self.counts["skipped"] += 1
                continue
            self.counts["seen"] += 1
            self._one(record, work)
            if not self.save(1):
                self.more = True
                return

    def _one(self, record, work):
        try:
            with self.env.cr.savepoint():
                result = work(record)
        except (*CONCURRENCY, *ENDS_THE_TURN):
            raise
        except Exception as error:
            self.failed(record, error)
        else:
            word, changes = result if isinstance(result, tuple) else (result, None)
            self.counts[word] += 1
            if word != "unchanged":
                self.line(word, record, changes=changes)

    def failed(self, record, error):
        """Count and log one record that could not be done."""
        self.counts["failed"] += 1
        _logger.warning(
            "eBay %s, account %s: %s %s failed: %s",
            self.flow._flow_name,
            self.account.id,
            record._name,
            record.id,
            type(error).__name__,
            exc_info=not hasattr(error, "request_id"),
        )
        self.line("failed", record, message=explain(error), error=error)

    def line(self, action, record=None, changes=None, message=False, error=None):
        """Add one line to the log: what was done to which record."""
        self.env["ebay.sync.log.line"].sudo().create(
            {
                "log_id": self.log_sudo.id,
                "action": action,
                "res_model": record._name if record else False,
                "res_id": record.id if record else False,
                "changes": changes or False,
                "message": message,
                "request_ref": getattr(error, "request_id", None) or False,
            }
        )

    def lines(self, action, records, changes=False):
        """Add a line for each record; ``changes`` is a list with those of each."""
        if not records:
            return
        insert_rows(
            self.env["ebay.sync.log.line"],
            log_id=self.log_sudo.id,
            company_id=self.account.company_id.id,
            action=action,
            res_model=records._name,
            res_id=list(records.ids),
            changes=changes,
        )


def request_figures(requests):
    """What the log shows of a run's requests (``ebay_api.calls.CallRecord``)."""
    if not requests:
        return {}
    statuses = [request.status or 0 for request in requests]
    spent = [round(request.duration * 1000) for request in requests]
    refs = [request.request_id for request in requests if request.request_id]
    return {
        "request_count": len(requests),
        "error_4xx_count": sum(400 <= s < 500 and s != 429 for s in statuses),
        "error_429_count": statuses.count(429),
        "error_5xx_count": sum(s >= 500 for s in statuses),
        "latency_ms": sum(spent),
        "slowest_ms": max(spent),
        "requests_by_api": dict(Counter(request.api for request in requests)),
        "budget_used": dict(Counter(f"{one.api} {one.kind}" for one in requests)),
        "request_refs": "\n".join(refs[-REQUEST_REFS_KEPT:]),
    }


def explain(error):
    """An error in words for the log, without a buyer's data or a secret.

    Errors of the client carry a message made for people; of anything else only the
    kind is shown, because its text may quote what eBay sent.
    """
    if hasattr(error, "request_id"):
        return str(error)
    return f"{type(error).__name__} (details in the server log)"


def reason(error):
    """An error in words for the inbox, which only people with rights can read.

    What Odoo says to its users is shown as it is; the log gets ``explain`` instead.
    """
    return str(error)[:300] if isinstance(error, UserError) else explain(error)


def utcnow():
    """Aware UTC time."""
    return datetime.now(timezone.utc)


def naive_utc(moment):
    """An aware time as Odoo stores it: UTC without a zone."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def aware_utc(moment):
    """A time of Odoo's (UTC without a zone) as an aware one; an aware one as it is."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
