"""Linking listings with products: one by one, or by a file."""

from . import ebay_link_file, ebay_link_product
