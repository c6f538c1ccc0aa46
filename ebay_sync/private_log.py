"""Keeps buyers' data out of the server's log.

Odoo logs a statement that fails with all its values: name, street, telephone; and an
exception's text may quote them as well. What is about the addon's own tables, or fails
while eBay's data are at work (``private``), is told by kind and place alone.
"""

import logging
import re
import threading
import traceback
from contextlib import contextmanager

import psycopg2

from .compat import CONCURRENCY

_WHERE = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM|FROM)\s+"?(\w+)"?', re.I)
_OURS = re.compile(r"\bebay_\w")
# Who logs the exceptions of a run with their tracebacks.
_RUN = "odoo.addons.ebay_sync.flows.engine.run"
_work = threading.local()
_GIVE_WAY = (
    "DO $$ BEGIN RAISE 'added by another transaction' "
    "USING ERRCODE = 'serialization_failure'; END $$"
)


@contextmanager
def private():
    """What fails in this block may carry what eBay told, whatever its table.

    What collides here with another transaction gives way and is done again, so that is
    no error. To be used by those who do it again: runs, and the webhook's request.
    """
    before = getattr(_work, "is_private", False)
    _work.is_private = True
    try:
        yield
    finally:
        _work.is_private = before


@contextmanager
def added_once(env):
    """What is added in this block, another transaction may just be adding as well.

    Then this one gives way, and whoever does it again finds the other's row. It cannot
    look for it: it does not see what was added since it began.
    """
    before = getattr(_work, "may_be_there", False)
    _work.may_be_there = True
    try:
        with env.cr.savepoint():
            yield
    except psycopg2.errors.UniqueViolation:
        env.cr.execute(_GIVE_WAY, log_exceptions=False)
    finally:
        _work.may_be_there = before


class StatementFilter(logging.Filter):
    """Takes the values out of a statement that failed."""

    def filter(self, record):
        """Every record stays, some of them without values."""
        if not str(record.msg).startswith("bad query") or not _is_pair(record.args):
            return True
        query, error = record.args
        text = query.decode("utf-8", "replace") if isinstance(query, bytes) else query
        at_work = getattr(_work, "is_private", False)
        if at_work or _OURS.search(str(text)):
            record.args = (statement_kind(str(text)), error_kind(error))
        gives_way = CONCURRENCY if at_work else ()
        if getattr(_work, "may_be_there", False):
            gives_way = (*CONCURRENCY, psycopg2.errors.UniqueViolation)
        if isinstance(error, gives_way):
            record.msg = "gives way to another transaction: %s (%s)"
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


class TracebackFilter(logging.Filter):
    """Says where an exception came from and of what kind it is, and not its text."""

    def filter(self, record):
        """Every record stays."""
        if record.exc_info:
            error = record.exc_info[1]
            record.exc_text = "\n".join(_told(error))
            record.exc_info = None
        return True


def statement_kind(text):
    """What a statement does to which table, without a value."""
    found = _WHERE.search(text)
    if not found:
        return "a statement"
    return f"{found[1].upper()} {found[2]} (values left out)"


def error_kind(error):
    """What the database complains of, without a value."""
    if isinstance(error, CONCURRENCY):
        return error.diag.message_primary or type(error).__name__
    named = ()
    if isinstance(error, psycopg2.Error):
        diag = error.diag
        named = (diag.table_name, diag.column_name, diag.constraint_name)
    return " ".join([type(error).__name__, *filter(None, named)])


def _told(error):
    """The lines of a traceback, causes first."""
    cause = error.__cause__ or (
        None if error.__suppress_context__ else error.__context__
    )
    before = [*_told(cause), "", "and then:", ""] if cause else []
    frames = "".join(traceback.format_tb(error.__traceback__))
    return [*before, f"Traceback:\n{frames}{error_kind(error)}"]


def _is_pair(values):
    return isinstance(values, tuple) and len(values) == 2


def install():
    """Have what the database driver and the runs log pass the filters."""
    logging.getLogger("odoo.sql_db").addFilter(StatementFilter())
    logging.getLogger(_RUN).addFilter(TracebackFilter())


install()
