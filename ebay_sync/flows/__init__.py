"""The arrows between eBay and Odoo; here alone client, mapping and models meet.

One room per subject, the same rooms as on every floor. A flow's file is named after its
arrow (``orders_in``, ``stock_out``) and reads top to bottom: fetch, store, map, write,
log. Start with ``engine/flow.py``, which runs all of them.
"""

from . import engine

# isort: split
from . import (
    account,
    listings,
    notifications,
    orders,
    privacy,
    reference,
    shipments,
    stock_prices,
)
