"""Pure functions between eBay's documents and plain values: no Odoo, no HTTP, no clock.

One room per subject; ``values`` holds what they all share. Start with
``orders/order.py``.
"""
