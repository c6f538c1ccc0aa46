"""Wakes scheduled actions off the path of whoever waits.

A clerk's transaction leaves a word here when it is committed; a thread does the rest:
the rows that Odoo wants for a scheduled action, and telling its workers, for which Odoo
opens a connection to another database each time. Commits that come meanwhile go along.
A bell that is not heard (the process is killed) costs minutes, never a number: the
flows run by themselves that often, and compare by state.
"""

import logging
import threading
import time

import psycopg2

from odoo import SUPERUSER_ID, api

# Long enough for a clerk's answer to leave; and in a burst of commits, twice a second.
PAUSE = 0.05
DISTANCE = 0.5
# In ``cr.postcommit.data``: this transaction's end notifies the workers already.
NOTIFIES = "ebay_sync.notifies"

_logger = logging.getLogger(__name__)
_lock = threading.Lock()
# By database: what there is to say, by the method of ``ebay.schedule`` that hears it.
_words: dict[str, dict[str, set[int]]] = {}
_rung_at: dict[str, float] = {}


def ring(env, method="", ids=()):
    """Have the workers notified, soon and once.

    Before that, ``method`` of ``ebay.schedule`` is called with all ``ids`` that were
    left for it meanwhile.
    """
    database = env.cr.dbname
    with _lock:
        silent = database not in _words
        words = _words.setdefault(database, {})
        if method:
            words.setdefault(method, set()).update(ids)
    if silent:
        threading.Thread(
            target=_ring, args=(env.registry, database), name="ebay_sync.bell"
        ).start()


def _ring(registry, database):
    time.sleep(max(PAUSE, _rung_at.get(database, 0) + DISTANCE - time.monotonic()))
    with _lock:  # whoever commits from here on rings again
        words = _words.pop(database)
        _rung_at[database] = time.monotonic()
    try:
        with registry.cursor() as cursor:
            cursor.postcommit.data[NOTIFIES] = True
            env = api.Environment(cursor, SUPERUSER_ID, {})
            for method, ids in words.items():
                getattr(env["ebay.schedule"], method)(ids)
            cron = env["ir.cron"]
        cron._notifydb()
    except psycopg2.Error as error:
        _logger.info(
            "Scheduled actions were not notified, they check on their own: %s", error
        )
