"""Which lines of eBay's orders are pieces of which listing, and what that leaves open.

For statements that name ``ebay_order_line`` as ``line`` and ``ebay_listing`` as
``listing``.
"""

from odoo.tools import SQL

# The same as mapping.listings.variation.rows_meant. A listing without variations is
# one row; of several variations the aspects decide, and the SKU only where no row has
# the aspects that were sold.
OF_LISTING = SQL(
    """
    line.account_id = listing.account_id
    AND line.listing_ref = listing.listing_ref
    AND (NOT COALESCE(listing.is_variation, FALSE)
         OR listing.variation_ref = NULLIF(line.variation_ref, '')
         OR listing.sku = NULLIF(line.sku, '')
            AND (line.variation_ref = '' OR NOT EXISTS (
                SELECT FROM ebay_listing exact
                 WHERE exact.account_id = line.account_id
                   AND exact.listing_ref = line.listing_ref
                   AND exact.variation_ref = line.variation_ref)))
    """
)


def unsettle_quantities(orders):
    """Forget what eBay shows of what was sold in these orders: they are cancelled.

    eBay may have put the pieces on show again, or not. So Odoo's quantity is sent once
    more, even where it is what was last sent to eBay less what it sold.
    """
    env = orders.env
    env["ebay.order.line"].flush_model()
    env["ebay.listing"].flush_model()
    env.cr.execute(
        SQL(
            "UPDATE ebay_listing listing SET quantity_unsettled = TRUE "
            "FROM ebay_order_line line WHERE line.order_id = ANY(%s) AND %s "
            "AND listing.active AND listing.stock_master = 'odoo' "
            "AND listing.quantity_acked_at IS NOT NULL",
            orders.ids,
            OF_LISTING,
        )
    )
    env["ebay.listing"].invalidate_model(["quantity_unsettled"], flush=False)
