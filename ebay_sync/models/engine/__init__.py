"""Schedules, the log of runs, the inbox, and what settings leave behind when changed.

In: what flows report. Out: lists and buttons for people.
Start with ``ebay_schedule.py`` (when a flow runs), ``ebay_sync_log.py`` (what it did),
``ebay_issue.py`` (what a person has to do) and ``ebay_access_mixin.py`` (who may set
what).
"""

from . import (
    ebay_access_mixin,
    ebay_audited_mixin,
    ebay_indexes,
    ebay_issue,
    ebay_schedule,
    ebay_sync_log,
    hooks,
)
