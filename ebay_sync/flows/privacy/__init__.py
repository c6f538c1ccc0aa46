"""Forgetting buyers, keeping no more than needed, and one buyer's data as a file.

In: eBay's account deletion notices, a manager's request, retention periods.
Out: anonymised rows and a record of what was removed and what the books must keep.
Start with ``erasure.py``; ``housekeeping.py`` does the daily part.
"""

from . import buyer_export, buyer_tokens, erasure, housekeeping
