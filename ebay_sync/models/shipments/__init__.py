"""The outbox of parcels, carriers in eBay's words, and the ship-by board.

In: transfers that are validated. Out: rows that ``shipments_out`` reports, and states
on transfers and sale orders.
Start with ``ebay_shipment.py``; ``ebay_delivery.py`` is the board.
"""

from . import (
    delivery_carrier,
    ebay_carrier,
    ebay_delivery,
    ebay_issue,
    ebay_shipment,
    sale_order,
    stock_picking,
)
