"""Where other addons join in while an eBay order becomes a sale order.

See ``docs/extending.md``; names, arguments and meaning are stable.
"""

from odoo import api, models


class EbayHookOrders(models.AbstractModel):
    """Values of partners, sale orders and their lines, before they are written.

    Each method gets the connector's values and returns those to write. ``source`` says
    where they come from: ``account`` (the record), ``order`` (an ``Order`` of
    ``mapping/orders/order.py``) and ``document`` (the same order as eBay sent it:
    untrusted, not to be changed). More keywords may be added.
    """

    _name = "ebay.hook.orders"
    _description = "eBay: doors for other addons, orders"

    @api.model
    def _prepare_partner_values(self, values, *, kind, party, **source):
        """Values of a partner, used both to find it and to create it.

        ``kind`` is ``buyer``, ``invoice`` or ``delivery``; ``party`` is what eBay says
        (``mapping.orders.party.Party``), or None where it no longer says who bought.
        What differs in name or address is another partner.
        """
        return values

    @api.model
    def _prepare_order_values(self, values, **source):
        """Values of a new sale order, without its lines."""
        return values

    @api.model
    def _prepare_order_line_values(self, values, *, kind, line, **source):
        """Values of a new sale order line.

        ``kind`` is ``goods``, ``shipping``, ``discount``, ``adjustment``, ``fee`` or
        ``rounding``; ``line`` is what it stands for: an ``OrderLine``, a
        ``ShippingLine``, a ``Discount``, or None for the other three. The order is
        confirmed only if the total still agrees with eBay's to the cent.
        """
        return values
