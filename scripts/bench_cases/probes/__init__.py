"""Code that runs inside ``odoo-bin shell``; ``env`` is given, and the counts."""
