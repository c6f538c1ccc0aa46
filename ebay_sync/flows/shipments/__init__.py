"""Parcels: reported to eBay once, and read back when eBay knew them first.

In: validated transfers with tracking numbers; fulfilments made on eBay itself.
Out: one fulfilment per parcel at eBay (an outbox row each, read before it is written
again), tracking on transfers, and a warning before a ship-by date passes.
Start with ``plan.py`` (what is to be reported) and ``shipments_out.py`` (how).
"""

from . import (
    carriers,
    correct,
    hooks,
    plan,
    services,
    ship_by_watch,
    shipments_out,
    shipped_on_ebay,
)
