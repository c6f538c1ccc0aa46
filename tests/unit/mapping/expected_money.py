"""What the documents about money and taxes must become.

By document: path in the order, and the value there; amounts as text. Every document
must also have exactly the notes listed under `notes` (none, when there is no entry).
"""

LINE = "lines.0."
SUMMARY = "$.pricingSummary."

MONEY = {
    "de_plain_paid": {
        "expected_total": "29.89",
        "currency": "EUR",
        LINE + "unit_price": "24.99",
        LINE + "rounding": "0",
        "shipping.0.amount": "4.90",
        "shipping.0.service_code": "DE_DHLPaket",
        "discounts": (),
        "may_ship": True,
        "needs_details": False,
        "marketplace_fee.value": "3.29",
    },
    "de_two_units": {
        "expected_total": "54.88",
        LINE + "quantity": 2,
        LINE + "unit_price": "24.99",
        LINE + "subtotal": "49.98",
    },
    "de_three_units_not_divisible": {
        "expected_total": "10.00",
        LINE + "unit_price": "3.33",
        LINE + "rounding": "0.01",
    },
    "jp_yen": {
        "expected_total": "4885",
        LINE + "unit_price": "1362",
        LINE + "rounding": "-1",
        "currency": "JPY",
    },
    "bh_dinar": {
        "expected_total": "11.250",
        LINE + "unit_price": "3.333",
        LINE + "rounding": "0.001",
    },
    "de_amounts_as_numbers": {
        "expected_total": "29.89",
        LINE + "quantity": 1,
        LINE + "listing_ref": "254800000006",
        "notes": {"not_text $.lineItems[0].legacyItemId"},
    },
    "de_zero_price_line": {
        "expected_total": "29.89",
        "lines.1.unit_price": "0",
        "lines.1.sku": "GIFT-1",
    },
    "de_handling_cost": {
        "expected_total": "31.89",
        LINE + "delivery.handling": "2",
        "shipping.0.amount": "6.90",
    },
    "de_free_shipping": {"expected_total": "24.99", "shipping.0.amount": "0"},
    "de_line_discount": {
        "expected_total": "53.40",
        LINE + "subtotal": "50",
        LINE + "discount": "-10",
        "discounts.0.kind": "line",
        "discounts.0.amount": "-10",
        "discounts.0.line_item_ref": "100411110009",
        "discounts.0.description": "Herbst-Sale: 20 % auf Mühlen",
        "totals.order_discount": "0",
    },
    "de_order_discount": {
        "expected_total": "49.90",
        LINE + "discount": "0",
        "discounts.0.kind": "order",
        "discounts.0.amount": "-5",
        "discounts.0.description": "Gutschein HERBST5",
    },
    "de_line_and_order_discount": {
        "expected_total": "66.90",
        "discounts.0.amount": "-5",
        "discounts.0.kind": "line",
        "discounts.1.amount": "-3",
        "discounts.1.kind": "order",
    },
    "de_delivery_discount": {
        "expected_total": "28.89",
        "shipping.0.amount": "6.90",
        "discounts.0.kind": "delivery",
        "discounts.0.amount": "-3",
    },
    "de_delivery_discount_line_only": {
        "expected_total": "28.89",
        "shipping.0.amount": "3.90",
        "discounts": (),
    },
    "de_discount_positive_sign": {
        "expected_total": "49.90",
        "discounts.0.amount": "-5",
        "notes": {f"discount_sign {SUMMARY}priceDiscount"},
    },
    "de_discount_smaller_in_summary": {
        "expected_total": "42.50",
        "discounts.0.amount": "-10",
        "discounts.1.amount": "2.50",
        "notes": {f"discount_mismatch {SUMMARY}priceDiscount"},
    },
    "de_discount_above_cost": {
        "expected_total": "22",
        LINE + "discount": "2",
        "notes": {"discount_odd $.lineItems[0].discountedLineItemCost"},
    },
    "de_adjustment": {"expected_total": "27.39", "totals.adjustment": "-2.50"},
    "de_total_mismatch": {
        "expected_total": "29.90",
        "totals.computed": "29.89",
        "notes": {f"total_mismatch {SUMMARY}total"},
    },
    "de_subtotal_mismatch": {
        "expected_total": "24.99",
        "totals.computed": "29.99",
        "notes": {
            f"subtotal_mismatch {SUMMARY}priceSubtotal",
            f"total_mismatch {SUMMARY}total",
        },
    },
    "de_total_missing": {
        "expected_total": "29.89",
        "totals.ebay_total": None,
        "notes": {f"total_missing {SUMMARY}total"},
    },
    "de_amount_too_precise": {
        "expected_total": "25",
        LINE + "subtotal": "25",
        "notes": {"amount_precision $.lineItems[0].lineItemCost"},
    },
    "de_delivery_summary_differs": {
        "expected_total": "30.89",
        "shipping.0.amount": "5.90",
        LINE + "delivery.shipping": "4.90",
        "notes": {f"delivery_mismatch {SUMMARY}deliveryCost"},
    },
    "de_converted_amounts": {
        "expected_total": "29.89",
        "currency": "EUR",
        LINE + "unit_price": "24.99",
        LINE + "ebay_total.converted.value": "32.29",
        LINE + "ebay_total.converted.currency": "USD",
    },
    "us_total_converted_for_payout": {
        "expected_total": "32.29",
        "currency": "USD",
        LINE + "unit_price": "27",
        "shipping.0.amount": "5.29",
        "payments.0.amount.currency": "EUR",
        "total_due_seller.converted.value": "28.74",
    },
    "gb_mixed_zero_currency": {
        "expected_total": "15",
        "currency": "GBP",
        "shipping.0.amount": "0",
    },
}


def _remitted(total, kind, amount, name=None, reference=None, **more):
    """A line of 100 and delivery of 10; what eBay remits is no revenue."""
    return {
        "expected_total": total,
        LINE + "taxes.remitted.0.kind": kind,
        LINE + "taxes.remitted.0.amount": amount,
        LINE + "taxes.remitted.0.reference_name": name,
        LINE + "taxes.remitted.0.reference": reference,
        LINE + "taxes.own": (),
        "collect_and_remit": True,
    } | more


SALES_TAX = ("110", "STATE_SALES_TAX", "8.85")
TAXES = {
    "us_sales_tax_plain": _remitted(*SALES_TAX, **{"totals.contained": ()}),
    "us_sales_tax_breakdown": _remitted(
        *SALES_TAX,
        **{"totals.contained": ("remitted_tax",), "totals.ebay_total": "118.85"},
    ),
    "us_sales_tax_contradicting": _remitted(
        *SALES_TAX,
        **{"totals.contained": (), "notes": {f"total_reading {SUMMARY}total"}},
    ),
    "us_sales_tax_plain_untyped": _remitted(*SALES_TAX, **{"totals.contained": ()}),
    "us_sales_tax_by_seller": {
        "expected_total": "118.85",
        LINE + "taxes.own.0.amount": "8.85",
        LINE + "taxes.own.0.kind": "STATE_SALES_TAX",
        "totals.tax": "8.85",
        "remitted_taxes": (),
        "collect_and_remit": False,
    },
    "us_tax_only_in_summary": {"expected_total": "118.85", "totals.tax": "8.85"},
    "us_tax_zero_untyped": {"expected_total": "110", LINE + "taxes.own": ()},
    "us_recycling_fee_own": {
        "expected_total": "112",
        "totals.fee": "2",
        "totals.tax": "0",
    },
    "us_recycling_fee_remitted": _remitted(
        *SALES_TAX,
        **{
            "totals.fee": "0",
            "totals.remitted_tax": "13.85",
            LINE + "taxes.remitted.1.kind": "ELECTRONIC_RECYCLING_FEE",
        },
    ),
    "us_tax_partly_remitted": {
        "expected_total": "112.85",
        LINE + "taxes.own.0.amount": "2.85",
        "totals.remitted_tax": "6",
    },
    "ca_gst_and_province_tax": _remitted(
        "110",
        "GST",
        "5.50",
        **{
            LINE + "taxes.remitted.1.kind": "PROVINCE_SALES_TAX",
            "totals.remitted_tax": "16.47",
            "tax_country": "CA",
        },
    ),
    "fr_ioss": _remitted("110", "VAT", "22", "IOSS", "IM2760000742"),
    "gb_vat_collected": _remitted("110", "VAT", "22", "IOSS", "GB365608580000"),
    "no_voec": _remitted(
        "110",
        "VAT",
        "27.50",
        "VOEC",
        "2024926",
        **{"fulfillment.deliver_to.address.postal_code": "9008"},
    ),
    "au_gst": _remitted("110", "GST", "11", "ABN", "64652016681"),
    "nz_gst": _remitted("110", "GST", "16.50", "IRD", "123456789"),
    "my_sst": _remitted("110", "SST", "11", "SST", "B16-1234-56789012"),
    "se_oss": _remitted(
        "110",
        "VAT",
        "27.50",
        "OSS",
        "DE319212138",
        **{"fulfillment.deliver_to.address.postal_code": "972 31"},
    ),
    "us_two_lines_taxed": {
        "expected_total": "130",
        "lines.0.taxes.remitted_total": "8.05",
        "lines.1.taxes.remitted_total": "1.61",
        "lines.1.unit_price": "10",
        "remitted_taxes.1.0": "100422220020",
    },
    "gb_buyer_protection": {
        "expected_total": "18.35",
        "totals.collected_charges": "1.12",
        "totals.contained": (),
    },
    "gb_charges_in_total": {
        "expected_total": "15",
        "totals.contained": ("collected_charges",),
        "fulfillment.label_by_ebay": True,
        "notes": {f"total_reading {SUMMARY}total"},
    },
}
