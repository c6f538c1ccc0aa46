"""eBay's orders become sale orders, and stay in step with them.

In: pages of eBay's changed orders, read by window (``orders_in.py``), stored as they
came in ``ebay.order``.
Out: sale orders, partners, addresses and invoices that agree with eBay to the cent, or
an entry in the inbox that says why not.
Start with ``orders_in.py``, then ``build.py``: the one step that makes a sale order or
brings it after its document. It calls ``odoo_facts.py`` (what Odoo says, what was
applied), ``changes.py`` (an order that exists), ``partner.py``, ``lines.py``,
``lookups.py`` and ``update.py`` (states, cancellation, what a person decides).
"""

from . import (
    address,
    answers,
    build,
    field_rules,
    holds,
    hooks,
    invoices,
    order_filter,
    orders_in,
    settlement,
    update,
)
