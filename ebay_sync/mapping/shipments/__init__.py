"""Parcels in eBay's form and back: fulfilments, tracking numbers, carriers.

In: lines and tracking of a transfer; eBay's fulfilments. Out: requests, and parcels to
compare. Start with ``shipment.py``.
"""
