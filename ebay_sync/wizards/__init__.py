from . import (
    ebay_buyer_data,
    ebay_doctor,
    ebay_fetch_orders,
    ebay_link_file,
    ebay_link_product,
)
