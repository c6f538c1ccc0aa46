"""What the documents about addresses, names, phones and taxpayers must become.

By document: path in the order, and the value there. See expected_money.py.
"""

TO = "fulfillment.deliver_to."
ADDRESS = TO + "address."
SHIP_TO = "$.fulfillmentStartInstructions[0].shippingStep.shipTo."
REGISTERED = "$.buyer.buyerRegistrationAddress."


def _both(code, field):
    """The same remark on the delivery and on the registered address."""
    return {f"{code} {SHIP_TO}{field}", f"{code} {REGISTERED}{field}"}


PEOPLE = {
    "pl_postal_code_and_umlauts": {
        TO + "name": "Małgorzata Świątek-Żółć",
        ADDRESS + "postal_code": "81-368",
        ADDRESS + "state": "pomorskie",
        ADDRESS + "state_kind": "name",
        ADDRESS + "country": "PL",
        TO + "phone": "+48601234567",
        TO + "phone_text": "601 234 567",
        TO + "email": "5cd0e1f3a2@members.ebay.com",
        TO + "email_is_relay": True,
        "buyer.tax_address.postal_code": "81-368",
        "tax_country": "PL",
        "personal_data_complete": True,
    },
    "gb_postal_code": {
        ADDRESS + "postal_code": "S8 0BN",
        ADDRESS + "county": "South Yorkshire",
        ADDRESS + "state": None,
    },
    "nl_postal_code": {ADDRESS + "postal_code": "1016 EK"},
    "ie_eircode": {ADDRESS + "postal_code": "D02 X285"},
    "ca_postal_code": {ADDRESS + "postal_code": "H3B 1K1", ADDRESS + "state": "QC"},
    "ch_postal_code_with_prefix": {ADDRESS + "postal_code": "7000"},
    "pt_postal_code": {ADDRESS + "postal_code": "1100-152"},
    "de_postal_code_odd": {
        ADDRESS + "postal_code": "1067",
        "notes": _both("postal_code_format", "contactAddress.postalCode"),
    },
    "hk_no_postal_code": {
        ADDRESS + "postal_code": None,
        ADDRESS + "state": None,
        "notes": {
            *_both("state_placeholder", "contactAddress.stateOrProvince"),
            "state_placeholder $.buyer.taxAddress.stateOrProvince",
        },
    },
    "us_military_post": {
        ADDRESS + "city": "APO",
        ADDRESS + "state": "AE",
        ADDRESS + "state_kind": "code",
        ADDRESS + "postal_code": "09123-4567",
        ADDRESS + "street2": "Apt 12",
    },
    "us_state_spelt_out": {
        ADDRESS + "state": "Colorado",
        ADDRESS + "state_kind": "name",
    },
    "us_state_unknown": {
        ADDRESS + "state": "ZZ",
        ADDRESS + "state_kind": "unknown",
        "notes": _both("state_unknown", "contactAddress.stateOrProvince"),
    },
    "gb_country_written_uk": {
        ADDRESS + "country": "GB",
        ADDRESS + "postal_code": "S8 0BN",
        "tax_country": "GB",
    },
    "de_country_unreadable": {
        ADDRESS + "country": None,
        ADDRESS + "country_text": "Germany",
        TO + "phone": None,
        TO + "phone_text": "0221 20190345",
        "tax_country": None,
        "notes": _both("country_unknown", "contactAddress.countryCode")
        | _both("phone_invalid", "primaryPhone.phoneNumber"),
    },
    "it_tax_identifier": {
        "buyer.tax_identifier.value": "DMBNCL80A01G224X",
        "buyer.tax_identifier.kind": "CODICE_FISCALE",
        "buyer.tax_identifier.country": "IT",
        ADDRESS + "state": "PD",
        ADDRESS + "state_kind": "code",
        "needs_details": False,
    },
    "it_without_tax_identifier": {
        "buyer.tax_identifier": None,
        "needs_details": True,
    },
    "es_company_vat": {
        "buyer.tax_identifier.kind": "VATIN",
        "invoice_to.company": "Molinos Ibáñez S.L.",
        "invoice_to.name": "María José Ibáñez Núñez",
        "invoice_to.address.city": "Pinto",
        "invoice_to.address.postal_code": "28320",
        TO + "company": None,
        ADDRESS + "city": "Madrid",
    },
    "de_no_registration_address": {
        "buyer.registration": None,
        "invoice_to.name": "Jörg Weißmüller",
        "invoice_to.address.street": "Lindenallee 12a",
        "personal_data_complete": True,
    },
    "de_no_buyer": {
        "buyer.username": None,
        "invoice_to.name": "Jörg Weißmüller",
        "tax_country": "DE",
    },
    "de_blanked_after_90_days": {
        TO + "name": None,
        ADDRESS + "street": None,
        ADDRESS + "city": "Köln",
        TO + "phone": None,
        "invoice_to.name": None,
        "personal_data_complete": False,
    },
    "de_email_gone_after_14_days": {
        TO + "email": None,
        TO + "name": "Jörg Weißmüller",
        "personal_data_complete": True,
    },
    "de_masked_name": {
        TO + "name": None,
        ADDRESS + "street": None,
        "personal_data_complete": False,
    },
    "de_real_email": {
        "invoice_to.email": "joerg.weissmueller@example.org",
        "invoice_to.email_is_relay": False,
        TO + "email": None,
        "notes": {f"email_invalid {SHIP_TO}email"},
    },
    "de_second_line_only": {
        ADDRESS + "street": "Lindenallee 12a",
        ADDRESS + "street2": None,
    },
    "de_phones": {
        "invoice_to.phone": "+48601234567",
        TO + "phone": None,
        TO + "phone_text": None,
        "notes": {f"phone_invalid {SHIP_TO}primaryPhone.phoneNumber"},
    },
    "us_phone_extension": {
        TO + "phone": "+13034440142",
        TO + "phone_text": "(303) 444-0142 ext. 9",
        "notes": _both("phone_extension", "primaryPhone.phoneNumber"),
    },
    "il_right_to_left": {
        TO + "name": "דוב בן־דוד",
        ADDRESS + "street": "הרצל 5",
        "notes": _both("text_cleaned", "fullName"),
    },
    "ir_joiners": {
        TO + "name": "می\u200cخواهم ab",
        "notes": _both("text_cleaned", "fullName"),
    },
    "de_emoji_and_html": {
        TO + "name": "👩\u200d🔬 <b>Dr. Eva</b> & <script>alert(1)</script>",
        ADDRESS + "street2": "<img src=x onerror=alert(1)>",
    },
    "de_sql_name": {TO + "name": "Robert'); DROP TABLE res_partner;--"},
    "de_control_characters": {
        TO + "name": "Jörg Weißmüller",
        ADDRESS + "city": "Köln",
        "notes": _both("text_cleaned", "fullName")
        | _both("text_cleaned", "contactAddress.city"),
    },
    "de_decomposed_umlauts": {TO + "name": "J\u00f6rg Weißm\u00fcller"},
    "de_invisible_name": {
        TO + "name": None,
        "personal_data_complete": False,
        "notes": _both("text_cleaned", "fullName"),
    },
    "de_very_long_texts": {
        TO + "name": ("Maximilian " * 400)[:128].rstrip(),
        ADDRESS + "street": ("Lange Straße " * 300)[:180].rstrip(),
        "buyer_note": ("Bitte klingeln. " * 2000)[:4000].rstrip(),
        "lines.0.sku": None,
        "lines.0.title": ("Mühle " * 500)[:255].rstrip(),
        "notes": {
            *_both("text_truncated", "fullName"),
            *_both("text_truncated", "contactAddress.addressLine1"),
            "text_truncated $.buyerCheckoutNotes",
            "text_truncated $.lineItems[0].title",
            "identifier_too_long $.lineItems[0].sku",
        },
    },
    "de_buyer_note": {
        "buyer_note": "Bitte beim Nachbarn abgeben.\n\nDanke!\nJ. W.",
    },
    "de_company_in_shipping": {
        TO + "company": "Weißmüller & Söhne GmbH",
        TO + "name": "Jörg Weißmüller",
        "invoice_to.company": None,
    },
}
