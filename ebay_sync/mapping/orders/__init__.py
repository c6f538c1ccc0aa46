"""eBay's order document as plain values, checked to the cent.

In: the document of the Fulfillment API. Out: an ``Order`` with lines, totals, taxes,
parties and states; what a document gives away about a person (``privacy.py``).
Start with ``order.py``.
"""
