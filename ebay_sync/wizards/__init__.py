from . import ebay_doctor, ebay_link_product
