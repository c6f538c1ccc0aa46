"""Tells the scheduled actions that there is work, off the path of whoever waits.

Odoo tells them over a connection to another database that is opened each time, which
takes longer than all else that a change of stock costs. Here a thread does it after the
commit; commits that come meanwhile are told with it. A bell that is not heard (the
process ends) costs a minute: the actions look by themselves that often.
"""

import logging
import threading
import time

import psycopg2

# Long enough for a clerk's answer to leave; and in a burst of commits, twice a second.
PAUSE = 0.05
DISTANCE = 0.5

_logger = logging.getLogger(__name__)
_lock = threading.Lock()
_ringing: set[str] = set()
_rung_at: dict[str, float] = {}


def ring(cron):
    """Have ``cron`` (the model ``ir.cron``) notify its workers, soon and once."""
    database = cron.env.cr.dbname
    with _lock:
        if database in _ringing:
            return
        _ringing.add(database)
    threading.Thread(target=_ring, args=(cron, database), name="ebay_sync.bell").start()


def _ring(cron, database):
    time.sleep(max(PAUSE, _rung_at.get(database, 0) + DISTANCE - time.monotonic()))
    with _lock:  # whoever commits from here on rings again
        _ringing.discard(database)
        _rung_at[database] = time.monotonic()
    try:
        cron._notifydb()
    except psycopg2.Error as error:
        _logger.info("Scheduled actions were not told, they look themselves: %s", error)
