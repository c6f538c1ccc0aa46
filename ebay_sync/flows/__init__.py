from . import (
    connection,
    doctor,
    doctor_ebay,
    doctor_server,
    flow,
    listings_in,
    order_build,
    order_invoices,
    order_update,
    orders_in,
    reference_in,
    tokens,
)
