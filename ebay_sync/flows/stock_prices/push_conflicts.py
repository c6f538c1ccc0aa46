"""Somebody changed a quantity or a price on eBay: noticed, reported, settled.

The mirror reads eBay, orders tell what eBay has sold: what is left unexplained was
done by hand. It counts only once both have read past the change, so that a sale on its
way to us is never mistaken for a change by hand.
"""

from datetime import timedelta

from odoo.tools import SQL

from ...mapping.stock_prices.price import SAME_PRICE
from ..orders.fresh_orders import ORDERS_LAG
from ..orders.lines_of_listings import OF_LISTING
from .stock_adjust import StockAdjuster

# A sale so close to the moment of the mirror's look may be in its quantity or not.
CLOSE_SALE = timedelta(minutes=5)


class PushConflicts:
    """Looks at one account's listings before its flow compares them."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account

    # -- what both agreed on -------------------------------------------------------

    def agree(self, what):
        """Where Odoo took over and had nothing to send, both show the same ``what``
        (``quantity`` or ``price``): that is the first value that eBay acknowledged.

        From then on a manual change is distinguished from Odoo's own. Where something
        was sold close to the moment of the look, the next one decides.
        """
        until = self._read_past()
        if until is None:
            return
        master = "stock" if what == "quantity" else what
        self.env["ebay.listing"].flush_model()
        self.env["ebay.order.line"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ebay_listing listing
                   SET %(acked)s = %(shown)s, %(acked_at)s = changed_at
                 WHERE account_id = %(account)s AND active
                   AND product_id IS NOT NULL AND %(master)s = 'odoo'
                   AND NOT COALESCE(ignored, FALSE) AND push_feed_id IS NULL
                   AND %(acked_at)s IS NULL AND NOT COALESCE(%(unsettled)s, FALSE)
                   AND changed_at <= %(until)s
                   AND abs(COALESCE(%(shown)s, 0) - %(wanted)s) < %(same)s
                   AND NOT EXISTS (
                       SELECT FROM ebay_order_line line
                        WHERE %(of_listing)s
                          AND line.ordered_at > listing.changed_at - %(close)s)
                """,
                acked=SQL.identifier(f"{what}_acked"),
                acked_at=SQL.identifier(f"{what}_acked_at"),
                unsettled=SQL.identifier(f"{what}_unsettled"),
                wanted=SQL.identifier(f"{what}_wanted"),
                shown=SQL.identifier(what),
                master=SQL.identifier(f"{master}_master"),
                account=self.account.id,
                until=until,
                same=SAME_PRICE,
                of_listing=OF_LISTING,
                close=CLOSE_SALE,
            )
        )
        self.env["ebay.listing"].invalidate_model(
            [f"{what}_acked", f"{what}_acked_at"], flush=False
        )

    # -- quantities ----------------------------------------------------------------

    def settle_quantities(self):
        """Settle every quantity that was changed by hand, by the account's rule."""
        for listing_id, seen, acked, sold in self._changed_quantities():
            believed = max(acked - sold, 0)
            if seen != believed:
                listing = self.env["ebay.listing"].browse(listing_id)
                self._settle_quantity(listing, believed, seen)

    def _changed_quantities(self):
        """Listings that show something other than what we sent, minus sales."""
        until = self._read_past()
        if until is None:
            return []
        self.env["ebay.listing"].flush_model()
        self.env["ebay.order.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT listing.id, COALESCE(listing.quantity, 0),
                       COALESCE(listing.quantity_acked, 0),
                       COALESCE((
                           SELECT sum(line.quantity)
                             FROM ebay_order_line line
                            WHERE %s
                              AND line.ordered_at > listing.quantity_acked_at
                       ), 0)
                  FROM ebay_listing listing
                 WHERE listing.account_id = %s AND listing.active
                   AND listing.product_id IS NOT NULL
                   AND listing.stock_master = 'odoo'
                   AND NOT COALESCE(listing.quantity_unsettled, FALSE)
                   AND listing.changed_at > listing.quantity_acked_at
                   AND listing.changed_at <= %s
                """,
                OF_LISTING,
                self.account.id,
                until,
            )
        )

    def _read_past(self):
        """Up to when both the mirror and the orders are complete, or None."""
        mirror = self.account.listings_read_until_at
        orders = self.account.orders_read_until_at
        return min(mirror, orders - ORDERS_LAG) if mirror and orders else None

    def _settle_quantity(self, listing, believed, seen):
        rule = self.account.stock_conflict_rule
        self._log(listing, "quantity", believed, seen)
        if rule == "ebay" and self._adopt_quantity(listing, seen - believed):
            self._believe(listing, seen)
        elif rule == "odoo":
            listing.quantity_unsettled = True  # whatever it is: send Odoo's again
        else:
            self._ask("quantity_conflict", listing, believed, seen)
            self._believe(listing, seen)
            listing.quantity_refused = listing.quantity_wanted  # until it changes

    def _believe(self, listing, seen):
        """From here on this is what eBay shows."""
        listing.write({"quantity_acked": seen, "quantity_acked_at": listing.changed_at})

    def _adopt_quantity(self, listing, difference):
        """Add or remove as many pieces as somebody did on eBay.

        The difference, not eBay's number: what was sold or received since is in Odoo's.

        Where the way from stock to quantity is no plain one (a share, a cap, a kit,
        several listings, lots) nobody can say what the count would have to be.
        """
        product = listing.product_id
        account = self.account
        plain = (
            account.stock_share == 100
            and not account.stock_cap
            and account.stock_source == "free"
            and product.is_storable
            and product.tracking == "none"
            and listing.quantity_wanted >= 0
            and not self.env["ebay.override"].search_count(
                [("account_id", "=", account.id), ("about", "=", "stock")], limit=1
            )
            and self.env["ebay.listing"].search_count(
                [("product_id", "=", product.id)], limit=2
            )
            == 1
        )
        if not plain:
            return False
        reason = self.env._("Quantity on eBay (%(account)s)", account=account.name)
        return not StockAdjuster(account, reason).adjust({product: difference})

    # -- prices ----------------------------------------------------------------------

    def settle_prices(self):
        """Settle every price that was changed by hand, by the account's rule."""
        until = self._read_past()
        if until is None:
            return
        self.env["ebay.listing"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM ebay_listing
                 WHERE account_id = %s AND active AND product_id IS NOT NULL
                   AND price_master = 'odoo' AND NOT COALESCE(price_unsettled, FALSE)
                   AND changed_at > price_acked_at AND changed_at <= %s
                   AND abs(COALESCE(price, 0) - COALESCE(price_acked, 0)) >= %s
                """,
                self.account.id,
                until,
                SAME_PRICE,
            )
        )
        for (listing_id,) in rows:
            self._settle_price(self.env["ebay.listing"].browse(listing_id))

    def _settle_price(self, listing):
        rule = self.account.price_conflict_rule
        believed, seen = listing.price_acked, listing.price
        self._log(listing, "price", believed, seen)
        if rule == "odoo":
            listing.price_unsettled = True
            return
        if rule == "ebay":
            self._fix_price(listing, seen)
        else:
            self._ask("price_conflict", listing, believed, seen)
            listing.price_refused = listing.price_wanted
        listing.write({"price_acked": seen, "price_acked_at": listing.changed_at})

    def _fix_price(self, listing, seen):
        """eBay's price becomes the listing's own exception."""
        # sudo: exceptions are for managers; this one follows the account's rule
        Override = self.env["ebay.override"].sudo()
        mine = Override.search(
            [("listing_id", "=", listing.id), ("kind", "=", "price_fixed")], limit=1
        )
        if mine:
            mine.amount = seen
        else:
            Override.create(
                {
                    "account_id": self.account.id,
                    "listing_id": listing.id,
                    "kind": "price_fixed",
                    "amount": seen,
                }
            )

    # -- reported ----------------------------------------------------------------------

    def _log(self, listing, what, believed, seen):
        self.run.line(
            "updated",
            listing,
            changes={what: [believed, seen]},
            message=self.env._("Changed on eBay itself."),
        )

    def _ask(self, code, listing, believed, seen):
        self.env["ebay.issue"]._raise(
            self.account,
            code,
            record=listing,
            title=listing.display_name,
            odoo=believed,
            ebay=seen,
        )
