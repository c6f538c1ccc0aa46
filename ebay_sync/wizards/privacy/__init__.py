"""One buyer's data: as a file, or erased."""

from . import ebay_buyer_data
