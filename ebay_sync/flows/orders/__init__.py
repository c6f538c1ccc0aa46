"""eBay's orders become sale orders, and stay in step with them.

In: pages of eBay's changed orders, read by window (``orders_in.py``), stored as they
came in ``ebay.order``.
Out: sale orders, partners, addresses and invoices that agree with eBay to the cent, or
an entry in the inbox that says why not.
Start with ``orders_in.py``, then ``build.py``, which calls ``partner.py``, ``lines.py``
and ``lookups.py``; ``update.py`` is what happens to an order that exists.
"""

from . import (
    address,
    build,
    credit_notes,
    field_rules,
    holds,
    hooks,
    invoices,
    order_filter,
    orders_in,
    update,
)
