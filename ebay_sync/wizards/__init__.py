from . import (
    ebay_buyer_data,
    ebay_choose_partner,
    ebay_doctor,
    ebay_fetch_orders,
    ebay_link_file,
    ebay_link_product,
    ebay_map_tax,
)
