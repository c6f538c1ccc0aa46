"""The command line tool behind ``scripts/ebay``: eBay without Odoo."""
