"""Shop days made by chance, played inside Odoo: see ``play.py``."""
