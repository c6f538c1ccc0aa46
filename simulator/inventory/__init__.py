"""The Inventory API's calls; ``apis/inventory.py`` is the table of them."""
