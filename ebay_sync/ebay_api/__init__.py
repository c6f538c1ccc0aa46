"""Speaks HTTP to eBay. Imports no Odoo; usable from a shell, a test or the addon.

Start reading at `client.py`; `hosts.py` says where eBay is, `oauth.py` gets the tokens,
`errors.py` says what can go wrong, and every other API has a file of its own.
"""
