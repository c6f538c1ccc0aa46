"""One seller account in one eBay environment: keys, tokens, rules, health.

In: what a manager sets and what eBay's consent brings. Out: the client every flow works
with, and the state that the overview shows.
Start with ``ebay_account.py``; every other file adds one subject to it. Secrets lie
encrypted in ``ebay_secret.py`` and ``ebay_token.py``.
"""

from . import ebay_account

# isort: split
from . import (
    audit,
    client,
    connection,
    ebay_issue,
    ebay_oauth_state,
    ebay_secret,
    ebay_token,
    features,
    filters,
    golive,
    keys,
    listings,
    notifications,
    orders,
    overview,
    prices,
    privacy,
    public_keys,
    reference,
    shipping,
    stock,
    webhook,
)
