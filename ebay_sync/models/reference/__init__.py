"""eBay's marketplaces, categories, policies and locations, as rows to look up.

In: what ``reference_in`` reads. Out: choices on accounts, rules and listings.
Start with ``ebay_marketplace.py``.
"""

from . import ebay_category, ebay_location, ebay_marketplace, ebay_policy, res_country
