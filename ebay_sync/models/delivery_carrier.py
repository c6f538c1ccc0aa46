from odoo import fields, models


class DeliveryCarrier(models.Model):
    """What a delivery method is called on eBay."""

    _inherit = "delivery.carrier"

    ebay_service_codes = fields.Char(
        "eBay shipping services",
        help="eBay's shippingServiceCode of the services that this method stands for, "
        "separated by commas, for example DE_DHLPaket, DE_DHLPackchen.",
    )
