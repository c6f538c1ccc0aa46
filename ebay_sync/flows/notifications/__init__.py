"""eBay's push notifications: subscriptions out, verified pushes in.

In: signed pushes, stored by the webhook before anything else happens.
Out: woken flows, erased buyers; at eBay a destination and the subscriptions that the
account wants.
Start with ``notifications_in.py``.
"""

from . import notifications_in, subscriptions_out
