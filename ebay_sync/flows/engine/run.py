"""What the steps of one run share: client, counts, requests, the log, the clock."""

import logging
from collections import Counter
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta, timezone
from functools import partial

from odoo import fields
from odoo.exceptions import UserError

from ...compat import CONCURRENCY, Checkpoint, hold_rows, try_lock
from ...ebay_api.errors import EbayError
from ...mapping.values.dates import naive_utc
from ...mapping.values.errors import MappingError
from ...rows import insert_rows
from .trouble import (
    AFTER_OUTAGE,
    Reach,
    Tried,
    is_foreseen,
    outcome,
    verdict,
)

_logger = logging.getLogger(__name__)

SLICE_SECONDS = 60
REQUEST_REFS_KEPT = 20
SETTLE_TRIES = 5
# Odoo dates what it writes by the beginning of its transaction. A worker's lasts two
# minutes at most (limit_time_real), an import in a shell a good deal longer.
LONGEST_TRANSACTION = timedelta(minutes=15)
LONGEST_MESSAGE = 1000


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
        self.troubles = []  # what ended parts of the run
        self.more = False
        self.log_sudo = None
        self._client = None

    # -- opening and closing ---------------------------------------------------

    def open(self):
        """Write the log's first line and commit it, so that a crash leaves a trace."""
        self.settle(self._begin_log)

    def finish(self):
        """Close the log of a run that came to its end, whatever parts of it did."""
        state, message, at = "done", False, None
        if self.troubles:
            state, at = outcome(self.troubles, utcnow())
            message = self._message()
            if at is None and self._is_rare() and self._may_pass():
                at = utcnow() + AFTER_OUTAGE
        if self.more:
            state, at = state if self.troubles else "partial", utcnow()
        self._end_issues()
        self.close(state, message, at and naive_utc(at))

    def _message(self):
        """What a person should know of it; repeating after a conflict is not."""
        told = [one for one in self.troubles if not isinstance(one, CONCURRENCY)]
        return "; ".join(dict.fromkeys(map(explain, told)))[:LONGEST_MESSAGE] or False

    def _is_rare(self):
        return self.flow._flow_interval[1] == "days"

    def _may_pass(self):
        return any(verdict(error).passes for error in self.troubles)

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
        hold_rows(self.account)
        Log = self.env["ebay.sync.log"].sudo()  # nobody may write the log by hand
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
        with self.record(record, savepoint=True) as tried:
            result = work(record)
        if tried.error:
            return
        word, changes = result if isinstance(result, tuple) else (result, None)
        self.counts[word] += 1
        if word != "unchanged":
            self.line(word, record, changes=changes)

    # -- trouble ---------------------------------------------------------------

    @contextmanager
    def record(self, record=None, savepoint=False):
        """Guard what is done for one record: what went wrong with it ends here.

        Yields a ``Tried`` that says afterwards what it was; with a ``record`` it is
        counted and logged as well. What reaches further than one record is raised, and
        so are our own bugs where no ``savepoint`` takes back what they left half done.
        No savepoint is held across a call to eBay.
        """
        tried = Tried()
        try:
            with self.env.cr.savepoint() if savepoint else nullcontext():
                yield tried
        except Exception as error:
            if verdict(error).reach > Reach.RECORD:
                raise
            if not (savepoint or is_foreseen(error)):
                raise
            tried.error = error
            if record is not None:
                self.failed(record, error)

    @contextmanager
    def part(self, fails=True):
        """Guard one part of the run: what went wrong in it leaves the other parts.

        Yields a ``Tried``. What the part has not committed is dropped; the inbox is
        told where only a person can help; at its end the run says that it failed. With
        ``fails=False`` it does not: for what merely helps, or continues in another way.
        """
        tried = Tried()
        try:
            yield tried
        except Exception as error:
            meaning = verdict(error)
            if meaning.reach > Reach.PART:
                raise
            self.checkpoint.undo()
            tried.error = error
            self._log_trouble(error, meaning)
            if fails:
                self.troubles.append(error)
            if meaning.issue:
                self.settle(partial(self._raise_issue, error, meaning.issue))

    def give_up(self, error):
        """What happened concerns the whole run: nothing more is done in it."""
        self.checkpoint.undo()
        self._log_trouble(error, verdict(error))
        self.troubles.append(error)
        self.more = False

    def _log_trouble(self, error, meaning):
        _logger.log(
            meaning.level,
            "eBay %s, account %s: %s",
            self.flow._flow_name,
            self.account.id,
            error if is_foreseen(error) else "failed",
            exc_info=None if is_foreseen(error) else error,
        )

    def _raise_issue(self, error, kind):
        self.env["ebay.issue"]._raise_trouble(
            self.account, kind, self.flow._flow_name, error
        )
        self.save()

    def _end_issues(self):
        """What eBay answers again needs nobody now."""
        failed = {error.call for error in self.troubles if isinstance(error, EbayError)}
        passed = {one.call for one in self.requests if one.outcome == "ok"} - failed
        if passed:
            self.env["ebay.issue"]._end_troubles(self.account, passed)

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
            exc_info=None if is_foreseen(error) else error,
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

    Errors of the client and of the mapping carry a message made for people; of anything
    else only the kind is shown, because its text may quote what eBay sent.
    """
    if isinstance(error, (EbayError, MappingError)):
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


def aware_utc(moment):
    """A time of Odoo's (UTC without a zone) as an aware one; an aware one as it is."""
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
