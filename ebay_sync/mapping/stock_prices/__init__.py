"""The arithmetic of quantities and prices, and the form eBay takes them in.

In: free quantities, rules, pricelist prices. Out: what a listing should show, step by
step, and the entries of a bulk request. Start with ``stock.py`` and ``price.py``.
"""
