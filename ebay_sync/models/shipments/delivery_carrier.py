from odoo import fields, models


class DeliveryCarrier(models.Model):
    """What a delivery method is called on eBay, and which services it stands for."""

    _inherit = "delivery.carrier"

    ebay_carrier_ids = fields.One2many(
        "ebay.carrier",
        "carrier_id",
        "Carrier on eBay",
        groups="ebay_sync.group_ebay_user",
    )
    ebay_service_ids = fields.One2many(
        "ebay.shipping.service",
        "carrier_id",
        "eBay shipping services",
        groups="ebay_sync.group_ebay_user",
    )
