"""What the simulated eBay knows about listings: one place for every API.

Inventory, Trading, Feed and orders all read and change the same rows, so a sale lowers
the quantity in every view of it.
"""
