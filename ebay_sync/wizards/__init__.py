from . import ebay_doctor
