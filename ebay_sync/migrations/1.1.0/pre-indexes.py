"""Version 1.0.0 made its indexes in ``init()``, without a word about what they are.

From now on the text of each stands in its comment (``ebay.indexes``). Those that are
there get the text they were made from: what has not changed since is not made anew,
which on a large table would hold up everybody who writes to it.
"""

from odoo.tools import SQL

MADE_BY_1_0_0 = {
    "ebay_carrier_uniq": (
        "UNIQUE INDEX|ebay_carrier|(carrier_id, COALESCE(marketplace_id, 0))"
    ),
    "ebay_issue_open_uniq": (
        "UNIQUE INDEX|ebay_issue|(account_id, code, COALESCE(cause, ''), "
        "COALESCE(order_id, 0), COALESCE(res_model, ''), COALESCE(res_id, 0)) "
        "WHERE state = 'open'"
    ),
    "ebay_listing_thing_uniq": (
        "UNIQUE INDEX|ebay_listing|(account_id, COALESCE(marketplace_id, 0), "
        "COALESCE(listing_ref, ''), variation_ref, COALESCE(sku, ''))"
    ),
    "ebay_notification_due_idx": (
        "INDEX|ebay_notification|(account_id, id) WHERE state = 'new'"
    ),
    "ebay_order_due_idx": (
        "INDEX|ebay_order|(account_id, next_try_at) WHERE state IN ('pending', "
        "'blocked')"
    ),
    "ebay_order_line_sold_idx": (
        "INDEX|ebay_order_line|(account_id, listing_ref, ordered_at)"
    ),
    "ebay_price_rule_place_uniq": (
        "UNIQUE INDEX|ebay_price_rule|(account_id, COALESCE(marketplace_id, 0))"
    ),
    "ebay_shipment_due_idx": (
        "INDEX|ebay_shipment|(account_id, id) WHERE state IN ('waiting', 'ready', "
        "'sending') OR correction IS NOT NULL"
    ),
    "ebay_shipment_no_delivery_idx": (
        "INDEX|ebay_shipment|(account_id) WHERE origin = 'ebay' AND picking_id IS NULL"
    ),
    "ebay_shipment_ref_uniq": (
        "UNIQUE INDEX|ebay_shipment|(sale_order_id, fulfillment_ref) WHERE "
        "fulfillment_ref IS NOT NULL"
    ),
    "ebay_shipping_service_uniq": (
        "UNIQUE INDEX|ebay_shipping_service|(account_id, code)"
    ),
    "sale_order_ebay_open_idx": (
        "INDEX|sale_order|(ebay_account_id) WHERE ebay_account_id IS NOT NULL AND "
        "ebay_fulfillment_status IS DISTINCT FROM 'FULFILLED'"
    ),
    "sale_order_ebay_order_uniq": (
        "UNIQUE INDEX|sale_order|(ebay_account_id, ebay_order_ref) WHERE "
        "ebay_order_ref IS NOT NULL"
    ),
    "sale_order_ebay_parcels_idx": (
        "INDEX|sale_order|(ebay_account_id) WHERE ebay_shipped_key IS NOT NULL "
        "AND ebay_shipped_key IS DISTINCT FROM ebay_parcels_read"
    ),
}


def migrate(cr, version):
    """Write the comments; an index that is missing is made by the upgrade."""
    cr.execute(
        SQL(
            "SELECT relname FROM pg_class WHERE relkind = 'i' AND relname = ANY(%s) "
            "AND relnamespace = current_schema()::text::regnamespace "
            "AND obj_description(oid, 'pg_class') IS NULL",
            list(MADE_BY_1_0_0),
        )
    )
    for (name,) in cr.fetchall():
        text = f"ebay_sync: {MADE_BY_1_0_0[name]}"
        cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL.identifier(name), text))
