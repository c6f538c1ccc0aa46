"""Answers an order waits for: its partner, its tax, or a range to be read again."""

from . import ebay_choose_partner, ebay_fetch_orders, ebay_map_tax
