"""The addon's texts: exported from Odoo, merged into the translations."""
