"""The buyer's tax number reaches the partner, or stays as text and is asked about.

eBay sends it in getOrder only, so it may come after the sale order. What is no valid
number for Odoo (``base_vat`` refuses it) must not keep the order.
"""

from odoo.exceptions import UserError

VAT_KINDS = ("VATIN", "NIF", "NIE", "DNI")
# Where Italy's localisation keeps it.
CODICE_FISCALE = "l10n_it_codice_fiscale"


def take_tax_numbers(plans):
    """Write the tax numbers that the plans' documents bring to their partners."""
    for plan in plans:
        number = plan.order.buyer.tax_identifier
        partner = plan.sale.partner_id if plan.sale else plan.partner
        if number is None or not partner or partner.ebay_tax_number == number.value:
            continue
        partner = partner.commercial_partner_id
        if partner.ebay_tax_number == number.value:
            continue
        partner.ebay_tax_number = number.value
        field = _field(partner, number)
        if field and not partner[field] and not _is_taken(partner, field, number):
            plan.remark(
                "tax_number_invalid",
                number.value,
                severity="warning",
                number=number.value,
                name=partner.name,
            )


def _field(partner, number):
    """Where Odoo keeps such a number; None where it has no place for it."""
    if number.kind in VAT_KINDS:
        return "vat"
    if number.kind == "CODICE_FISCALE" and CODICE_FISCALE in partner._fields:
        return CODICE_FISCALE
    return None


def _is_taken(partner, field, number):
    """Write the number; false where Odoo says that it is none."""
    value = number.value
    if field == "vat" and number.country and not value[:2].isalpha():
        prefix = {"GR": "EL"}.get(number.country, number.country)
        value = f"{prefix}{value}"
    try:
        with partner.env.cr.savepoint():
            partner[field] = value
    except UserError:  # a ValidationError is one, too
        return False
    return True
