"""What eBay should show and ask: computed, compared, and only the difference sent.

In: free quantities and prices of Odoo, rules and exceptions, orders not built yet.
Out: revisions through the Inventory API, Trading or a feed, and for each listing what
eBay acknowledged.
Start with ``stock_out.py`` and ``prices_out.py``; ``push.py`` sends,
``push_answers.py`` reads what eBay answered, ``push_guard.py`` stops what would do
great harm.
"""

from . import explain_push, hooks, prices_out, stock_out
