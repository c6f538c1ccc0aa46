"""The mirror of eBay's listings, their links to products, and the way to going live.

In: changed items, sweeps, reports and offers (``listings_in.py``).
Out: rows of ``ebay.listing`` that show what eBay shows, each linked to a product by
evidence, by hand or by file; products made from listings; the preview before going
live.
Start with ``listings_in.py``; ``store.py`` writes rows, ``link.py`` links them and
``takeover.py`` is the preview.
"""

from . import hooks, listings_in, takeover
