"""Categories, policies, locations, programs and limits as plain values.

In: answers of the Account, Taxonomy, Inventory and Analytics APIs. Out: entries by
eBay's id. Start with ``policy.py``.
"""
