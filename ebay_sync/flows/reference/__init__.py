"""What eBay defines and Odoo only caches: policies, locations, carriers, categories.

In: the Account, Inventory, Metadata and Taxonomy APIs, by version or expiry.
Out: rows that other rooms look up.
Start with ``reference_in.py``; ``category_trees.py`` reads whole trees.
"""

from . import reference_in
