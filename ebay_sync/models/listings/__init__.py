"""One sellable thing on eBay, its product, and how it was linked.

In: what the mirror reads. Out: listings, suggestions, rules for linking, previews.
Start with ``ebay_listing.py``; ``link.py`` is the link to a product,
``ebay_takeover.py`` the preview before going live.
"""

from . import ebay_listing

# isort: split
from . import (
    ebay_issue,
    ebay_link_rule,
    ebay_listing_suggestion,
    ebay_listing_sweep,
    ebay_takeover,
    golive,
    link,
    new_product,
    product,
    status_words,
)
