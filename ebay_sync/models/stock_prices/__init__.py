"""What each listing should show, was sent and has acknowledged; rules and exceptions.

In: rules, exceptions, approvals of managers. Out: wanted and acknowledged values on the
listing, pushes that are held until somebody decides.
Start with ``listing_stock.py`` and ``listing_price.py``.
"""

from . import (
    ebay_held_push,
    ebay_issue,
    ebay_override,
    ebay_price_rule,
    ebay_push_feed,
    ebay_schedule,
    listing_price,
    listing_push,
    listing_stock,
    stock_quant,
)
