"""Pushes as they arrived, and the subscriptions that make eBay send them.

In: verified pushes from the webhook. Out: rows that ``notifications_in`` works through.
Start with ``ebay_notification.py``.
"""

from . import ebay_issue, ebay_notification, ebay_public_key, ebay_subscription
