"""Code that runs inside ``odoo-bin shell``; ``env`` and ``COUNT`` are given."""
