"""What the documents about the course of an order must become: states, ways, lines.

By document: path in the order, and the value there. See expected_money.py.
"""

WAY = "fulfillment."
TO = WAY + "deliver_to."
SHIP_TO = "$.fulfillmentStartInstructions[0].shippingStep.shipTo."
REGISTERED = "$.buyer.buyerRegistrationAddress."

STATES = {
    "de_unpaid": {
        "payment_status": "PENDING",
        "may_ship": False,
        "payments.0.paid_at": None,
    },
    "de_payment_failed": {"payment_status": "FAILED"},
    "de_payment_missing": {"payment_status": None, "payments": (), "may_ship": False},
    "de_payment_on_hold": {
        "payments.0.method": "ESCROW",
        "payments.0.payment_ref": "ESC-88112",
        "payments.0.holds.0.state": "HELD",
        "payments.0.holds.0.amount.value": "26.6",
        "payments.0.holds.0.expected_release_at": "2026-10-26T08:14:09.500+00:00",
        "payments.0.holds.0.released_at": "2026-10-20T06:00:00.000+00:00",
        "payments.0.holds.0.seller_actions": ("Upload tracking details",),
        "may_ship": True,
    },
    "de_partly_refunded": {
        "expected_total": "29.89",
        "payment_status": "PARTIALLY_REFUNDED",
        "may_ship": False,
        "refunds.0.amount.value": "5",
        "refunds.0.status": "REFUNDED",
        "refunds.0.reference": "990011",
        "lines.0.refunds.0.amount.value": "2.5",
        "lines.0.refunds.0.refund_ref": "5000111223",
    },
    "de_fully_refunded": {"may_ship": False},
    "de_refund_pending": {
        "refunds.0.status": "PENDING",
        "refunds.0.refunded_at": None,
        "refunds.0.reference": None,
    },
    "de_refund_failed": {"refunds.0.status": "FAILED"},
    "de_cancel_requested": {
        "cancel.is_requested": True,
        "cancel.is_cancelled": False,
        "cancel.requests.0.initiator": "Buyer",
        "cancel.requests.0.reason": "Order placed by mistake",
        "cancel.requests.0.requested_at": "2026-10-05T09:00:00.000+00:00",
        "may_ship": False,
        "needs_details": False,
    },
    "de_cancel_requested_in_list": {
        "cancel.is_requested": True,
        "cancel.requests": (),
        "needs_details": True,
        "may_ship": False,
    },
    "de_cancelled_by_buyer": {
        "cancel.is_cancelled": True,
        "cancel.is_requested": False,
        "cancel.cancelled_at": "2026-10-05T11:30:00.000+00:00",
        "cancel.requests.0.completed_at": "2026-10-05T11:30:00.000+00:00",
    },
    "de_cancelled_by_seller": {
        "cancel.is_cancelled": True,
        "cancel.requests.0.initiator": "Seller",
    },
    "de_cancelled_unpaid": {"cancel.is_cancelled": True},
    "de_cancel_rejected": {
        "cancel.is_requested": False,
        "cancel.requests.0.state": "REJECTED",
        "may_ship": True,
    },
    "de_cancel_state_unknown": {
        "cancel.is_requested": True,
        "may_ship": False,
        "notes": {"unknown_enum $.cancelStatus.cancelState"},
    },
    "de_partly_shipped": {
        "fulfillment_status": "IN_PROGRESS",
        "lines.0.fulfillment_status": "FULFILLED",
        "lines.1.fulfillment_status": "NOT_STARTED",
        "shipped_refs": ("00340434161094042557",),
    },
}

WAYS = {
    "de_packstation": {
        TO + "address.locker.kind": "packstation",
        TO + "address.locker.number": "145",
        TO + "address.locker.post_number": "38214507",
        TO + "address.street": "Packstation 145",
        TO + "address.street2": "Postnummer 38214507",
    },
    "de_packstation_swapped": {
        TO + "address.locker.number": "107",
        TO + "address.locker.post_number": "38214507",
    },
    "de_packstation_without_number": {
        TO + "address.locker.number": "145",
        TO + "address.locker.post_number": None,
        "notes": {
            f"packstation_without_post_number {path}contactAddress.addressLine1"
            for path in (SHIP_TO, REGISTERED)
        },
    },
    "de_postfiliale": {TO + "address.locker.kind": "postfiliale"},
    "gb_click_and_collect": {
        WAY + "method": "click_and_collect",
        TO + "company": "Argos",
        TO + "address.postal_code": "S1 4PA",
        "invoice_to.name": "Oliver Featherstonehaugh",
        "invoice_to.address.postal_code": "S8 0BN",
    },
    "us_in_store_pickup": {
        WAY + "method": "in_store_pickup",
        WAY + "merchant_location_ref": "boulder-store-1",
        WAY + "deliver_to": None,
        "shipping": (),
        "personal_data_complete": True,
    },
    "gb_global_shipping_hub": {
        "expected_total": "89.50",
        WAY + "method": "hub",
        WAY + "hub": "global_shipping",
        WAY + "ship_to_ref": "3412 887 201",
        TO + "address.street": "Reference #3412 887 201",
        TO + "address.street2": "Global Shipping Center, 5 Lichfield South",
        TO + "address.country": "GB",
        WAY + "final_destination.country": "CA",
        WAY + "final_destination.postal_code": "H3B 1K1",
        "tax_country": "CA",
        "invoice_to.name": "Chloé Tremblay",
        "invoice_to.address.city": "Montréal",
        "totals.forwarding": "17.20",
        "totals.contained": (),
    },
    "gb_global_shipping_charges_in_total": {
        "expected_total": "89.50",
        TO + "address.street": "Reference #77 1",
        TO + "address.street2": "Global Shipping Center, 5 Lichfield South",
        "totals.contained": ("forwarding",),
        "notes": {"total_reading $.pricingSummary.total"},
    },
    "us_international_shipping_hub": {
        WAY + "hub": "international_shipping",
        WAY + "returns_by_ebay": True,
        TO + "address.street": "1850 Airport Exchange Blvd",
        TO + "address.postal_code": "41025-2501",
        WAY + "final_destination.country": "FR",
        WAY + "final_destination.county": "Rhône",
        "tax_country": "FR",
    },
    "us_authenticity_hub": {
        WAY + "hub": "authenticity_guarantee",
        WAY + "authenticity_status": "PENDING",
        WAY + "authenticity_outcome": "NOT_AUTHENTIC",
        TO + "address.city": "Las Vegas",
        "invoice_to.address.city": "Boulder",
    },
    "us_vault": {WAY + "hub": "vault", WAY + "vault_type": "SELLER_TO_VAULT"},
    "us_fulfilled_by_ebay": {
        WAY + "method": "fulfilled_by_ebay",
        WAY + "needs_shipping": False,
        WAY + "deliver_to": None,
        "invoice_to.name": "Dwayne O'Connell",
        "personal_data_complete": True,
    },
    "us_digital_gift_card": {
        "expected_total": "50",
        WAY + "method": "digital",
        "shipping": (),
        "lines.0.gift.sender_name": "Dwayne",
        "lines.0.gift.message": "Happy birthday 🎂\nLove, Dwayne",
        "lines.0.taxes.remitted.0.reference_name": "DDG",
    },
    "de_seller_defined": {WAY + "method": "seller_defined"},
    "de_two_instructions": {
        WAY + "method": "ship",
        "notes": {"several_fulfillments $.fulfillmentStartInstructions"},
    },
    "de_no_instructions": {
        WAY + "method": "unknown",
        WAY + "deliver_to": None,
        "invoice_to.name": "Jörg Weißmüller",
        "personal_data_complete": False,
        "notes": {"fulfillment_missing $.fulfillmentStartInstructions"},
    },
    "us_tyres_with_appointment": {
        WAY + "appointment.starts_at": "2026-10-10T16:00:00.000+00:00",
        WAY + "appointment.window": "MORNING",
        "lines.0.unit_price": "100",
        "lines.0.compatibility": (("Model", "Golf VII"),),
        "lines.0.linked_lines.0.order_ref": "09-11111-22222",
        "lines.0.linked_lines.0.tracking": (("UPS", "1Z999AA10123456784"),),
    },
}

LINES = {
    "de_hundred_lines": {
        "expected_total": "454.50",
        "lines.99.sku": "SKU-099",
        "shipping.0.amount": "10",
    },
    "de_same_sku_twice": {
        "expected_total": "54.88",
        "lines.0.sku": "KM-0815",
        "lines.1.sku": "KM-0815",
        "lines.1.line_item_ref": "100466660002",
    },
    "de_no_sku": {"lines.0.sku": None, "lines.0.listing_ref": "254866660003"},
    "de_variation": {
        "lines.0.variation_ref": "farbe=blau|grösse=l",
        "lines.0.variation_aspects": (("Farbe", "Blau"), ("Größe", "L")),
    },
    "de_variation_without_sku": {
        "lines.0.sku": None,
        "lines.0.variation_ref": "farbe=rot",
    },
    "de_listing_on_hold": {
        "lines.0.title": "254866660006",
        "notes": {"listing_on_hold $.lineItems[0].title"},
    },
    "de_sku_odd": {"lines.0.sku": "ÄÖ 12/34  b"},
    "de_auction_best_offer": {
        "lines.0.sold_format": "AUCTION",
        "lines.0.from_best_offer": True,
        "lines.0.via_ad_campaign": True,
        "lines.0.buyer_protection": True,
    },
    "de_listed_in_austria": {
        "lines.0.listing_marketplace": "EBAY_AT",
        "lines.0.purchase_marketplace": "EBAY_DE",
    },
    "de_ship_by_earliest": {
        WAY + "ship_by_at": "2026-10-06T21:59:59.000+00:00",
        WAY + "delivery_from_at": "2026-10-07T07:00:00.000+00:00",
        WAY + "delivery_until_at": "2026-10-12T07:00:00.000+00:00",
        "lines.2.ship_by_at": None,
        "notes": {
            "date_invalid $.lineItems[2].lineItemFulfillmentInstructions.shipByDate"
        },
    },
}

ODD = {
    "de_unknown_enums": {
        "payment_status": "BRAND_NEW_VALUE",
        "may_ship": False,
        WAY + "method": "ship",
        WAY + "instruction": "BRAND_NEW_VALUE",
        "lines.0.listing_marketplace": "BRAND_NEW_VALUE",
        "notes": {
            "unknown_enum $.orderPaymentStatus",
            "unknown_enum $.orderFulfillmentStatus",
            "unknown_enum $.lineItems[0].soldFormat",
            "unknown_enum $.lineItems[0].lineItemFulfillmentStatus",
            "unknown_enum $.paymentSummary.payments[0].paymentStatus",
            "unknown_enum "
            "$.fulfillmentStartInstructions[0].fulfillmentInstructionsType",
        },
    },
    "de_unknown_fields": {"expected_total": "29.89"},
    "minimal": {
        "expected_total": "5",
        "modified_at": "2026-10-05T08:14:07.312+00:00",
        "invoice_to": None,
        "cancel.state": "NONE_REQUESTED",
        "personal_data_complete": False,
        "notes": {
            "modified_date_missing $.lastModifiedDate",
            "total_missing $.pricingSummary.total",
            "fulfillment_missing $.fulfillmentStartInstructions",
        },
    },
    "de_nulls": {"expected_total": "29.89", "lines.0.refunds": (), "refunds": ()},
    "de_wrong_types": {
        "expected_total": "29.89",
        "lines.0.title": "12345",
        "payments": (),
        "shipped_refs": (),
        "notes": {
            "not_text $.lineItems[0].title",
            "wrong_type $.buyer",
            "wrong_type $.paymentSummary",
            "wrong_type $.cancelStatus",
            "wrong_type $.program",
            "wrong_type $.buyerCheckoutNotes",
            "wrong_type $.lineItems[0].taxes",
            "wrong_type $.lineItems[0].appliedPromotions[0]",
            "wrong_type $.lineItems[0].appliedPromotions[1]",
            "wrong_type $.lineItems[0].properties.buyerProtection",
        },
    },
    "dst_autumn": {
        "created_at": "2026-10-25T00:59:59.999+00:00",
        "modified_at": "2026-10-25T01:00:00.001+00:00",
    },
    "dst_spring": {
        "created_at": "2026-03-29T01:30:00.000+00:00",
        "modified_at": "2026-03-29T00:30:00.000+00:00",
    },
    "leap_day_no_zone": {
        "created_at": "2028-02-29T23:59:59.000+00:00",
        "modified_at": "2028-02-29T23:59:59.123+00:00",
    },
    "de_modified_date_missing": {
        "modified_at": "2026-10-05T08:14:07.312+00:00",
        "notes": {"modified_date_missing $.lastModifiedDate"},
    },
}

# Documents that must be refused: the path that the error names.
REFUSED = {
    "bad_no_order_id": "$.orderId",
    "bad_no_creation_date": "$.creationDate",
    "bad_no_lines": "$.lineItems",
    "bad_line_is_text": "$.lineItems[0]",
    "bad_line_without_id": "$.lineItems[0].lineItemId",
    "bad_line_id_twice": "$.lineItems[1].lineItemId",
    "bad_quantity_zero": "$.lineItems[0].quantity",
    "bad_quantity_fraction": "$.lineItems[0].quantity",
    "bad_quantity_missing": "$.lineItems[0].quantity",
    "bad_cost_missing": "$.lineItems[2].lineItemCost",
    "bad_cost_with_comma": "$.lineItems[0].lineItemCost.value",
    "bad_cost_nan": "$.lineItems[0].lineItemCost.value",
    "bad_cost_exponent": "$.lineItems[0].lineItemCost.value",
    "bad_cost_negative": "$.lineItems[0].lineItemCost",
    "bad_currency_missing": "$.lineItems[0].lineItemCost.currency",
    "bad_total_unreadable": "$.pricingSummary.total.value",
    "bad_currencies_mixed": "$.lineItems[1].lineItemCost.currency",
}
