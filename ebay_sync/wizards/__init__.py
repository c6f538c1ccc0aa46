from . import ebay_doctor, ebay_fetch_orders, ebay_link_product
