"""Push notifications and their subscriptions as plain values.

In: a verified body, eBay's lists of topics and subscriptions. Out: whom to wake, what
to change. Start with ``notification.py``.
"""
