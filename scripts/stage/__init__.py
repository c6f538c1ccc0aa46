"""A whole shop on this machine: the local eBay, a real Odoo, and a person between.

Used by the demo, the end-to-end tests, the browser tests and the benches.
"""
