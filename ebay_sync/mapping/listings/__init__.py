"""eBay's items, offers and reports as plain values, and how they match products.

In: documents of Trading, Inventory and Feed; rows of a link file. Out: facts of a
listing, candidates with a score. Start with ``listing.py``, then ``matching.py``.
"""
