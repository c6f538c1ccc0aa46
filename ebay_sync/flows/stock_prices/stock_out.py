"""Odoo's stock goes to eBay: look -> compare -> orders first -> guard -> send.

By state: what eBay should show, computed from the shelf, against what it last took from
us less what it has sold since. Only what differs is sent, so that a run that died, an
answer that was lost and a change that nobody reported heal in the next run.
"""

from dataclasses import dataclass
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...mapping.stock_prices.stock import Shown, desired_quantity, expected
from ..orders.fresh_orders import FreshOrders
from ..orders.lines_of_listings import OF_LISTING
from .listing_end import ListingEnd
from .out_of_stock_check import OutOfStockCheck
from .push import ListingPush
from .push_change import Change
from .push_conflicts import PushConflicts
from .push_feed import PushFeed
from .push_filter import filter_works
from .push_guard import PushGuard
from .stock_levels import StockLevels
from .stock_rules import StockRules

# Everything is compared this often; in between only what moved lately.
FULL_EVERY = timedelta(minutes=4, seconds=30)
# How far a run in between looks back: what a worker's transaction began to write (see
# LONGEST_TRANSACTION). What took longer is for the next full comparison.
LOOK_BACK = timedelta(minutes=3)
NOT_WANTED = -1
# The difference of the clocks, and the time an answer takes.
CLOSE = timedelta(seconds=5)


@dataclass(slots=True)
class Row:
    """What a run knows of one listing."""

    id: int
    product_id: int
    seen: int
    acked: int | None
    unsettled: bool
    refused: int
    wanted: int
    next_try_at: object
    sold: int = 0
    desired: int | None = None

    @property
    def shown(self):
        """What eBay shows, as far as that is known."""
        return self.seen if self.expected is None else self.expected

    @property
    def expected(self):
        """What eBay must be showing, or None when that is not known."""
        return expected(Shown(self.acked, self.sold, self.seen, self.unsettled))


class EbayFlowStockOut(models.AbstractModel):
    """stock.quant -> what eBay shows."""

    _name = "ebay.flow.stock.out"
    _description = "eBay flow: stock out"
    _inherit = "ebay.flow"

    _flow_name = "stock_out"
    _flow_sequence = 30
    _flow_interval = (5, "minutes")

    @api.model
    def _flow_label(self):
        return self.env._("Stock")

    @api.model
    def _work(self, run):
        """What is to be sent, after the newest orders, unless something prevents it."""
        if filter_works(run):
            self._compare_and_send(run)

    def _compare_and_send(self, run):
        may_write = run.account._may_write()
        if may_write:
            PushFeed(run).go_on()
            ListingEnd(run).go_on()
        full = self._full_is_due(run)
        if full and may_write:
            self._before_comparing(run)
        products = None if full else self._touched(run)
        due = self._compare(run, products)
        if may_write and full:
            PushConflicts(run).agree("quantity")
            OutOfStockCheck(run).tell_last_pieces(run.counts["last_pieces"])
        if may_write and not self._send(run, products, due):
            return
        if full and not (run.more or run.troubles):
            run.account._stock_schedule().compared_at = run.log_sudo.started_at

    def _send(self, run, products, due):
        """Send what is due; false when another run has to come first."""
        orders = FreshOrders(run)
        if due and not orders.are_here() and not orders.are_off:
            return False
        if orders.brought_news:
            due = self._compare(run, products)
        if orders.are_off:  # sales may be unknown: less can be shown, never more
            due = [row for row in due if row.desired < row.shown]
        held = PushGuard(run, "stock_out").held_back(self._moves(due))
        due = [row for row in due if row.id not in held]
        return ListingPush(run).send(self._changes(run.account, due))

    def _before_comparing(self, run):
        """What changed on eBay itself, and what a zero would do there."""
        PushConflicts(run).settle_quantities()
        OutOfStockCheck(run).tell()
        run.save()

    # -- look ------------------------------------------------------------------

    def _full_is_due(self, run):
        """Also while a question waits: it concerns everything."""
        last = run.account._stock_schedule().compared_at
        if run.env["ebay.held.push"]._waiting(run.account, "stock_out"):
            return True
        return not last or last <= fields.Datetime.now() - FULL_EVERY

    def _touched(self, run):
        """Ids of the products whose stock or orders changed lately."""
        account = run.account
        since = account._stock_schedule().compared_at - LOOK_BACK
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id FROM stock_quant WHERE write_date >= %(since)s
                 UNION
                SELECT product_id FROM stock_move
                 WHERE write_date >= %(since)s AND %(moves)s
                 UNION
                SELECT listing.product_id FROM ebay_order o
                  JOIN ebay_order_line line ON line.order_id = o.id
                  JOIN ebay_listing listing ON listing.account_id = o.account_id
                       AND listing.listing_ref = line.listing_ref
                 WHERE o.write_date >= %(since)s
                 UNION
                SELECT product_id FROM ebay_listing
                 WHERE account_id = %(account)s
                   AND (write_date >= %(since)s OR quantity_unsettled)
                """,
                since=since,
                moves=account.stock_source != "free",
                account=account.id,
            )
        )
        touched = {row[0] for row in rows} - {None}
        return touched | self._kits_of(account, touched)

    def _kits_of(self, account, parts):
        kits = StockLevels(account, parts).kits
        return {
            kit
            for kit, lines in kits.items()
            if any(part in parts for part, _needed in lines)
        }

    # -- compare ----------------------------------------------------------------

    def _compare(self, run, products):
        """The rows whose quantity on eBay is not what it should be."""
        account = run.account
        rows = self._rows(account, products)
        levels = StockLevels(account, products)
        rules = StockRules(account)
        kept = 0
        for row in rows:
            available, waiting = levels.available(row.product_id)
            rule = rules.find(row.id, row.product_id)
            row.desired = desired_quantity(rule, available, waiting, row.shown)
            if rule.least and row.desired == rule.least:
                kept += not desired_quantity(rule, available, waiting)
        self._ask_other_addons(account, rows)
        self._keep_wanted(rows)
        run.counts["seen"] = len(rows)
        run.counts["last_pieces"] = kept
        due = [row for row in rows if self._is_due(row)]
        run.counts["unchanged"] = len(rows) - len(due)
        return due

    def _ask_other_addons(self, account, rows):
        quantities = self.env["ebay.hook.stock.prices"]._quantities(
            {row.id: row.desired for row in rows},
            {row.id: row.product_id for row in rows},
            account,
        )
        for row in rows:
            row.desired = quantities[row.id]

    def _is_due(self, row):
        if row.desired is None or row.desired == row.refused:
            return False
        if row.next_try_at and row.next_try_at > fields.Datetime.now():
            return False
        return row.desired != row.expected

    def _rows(self, account, products):
        """The live, linked listings whose stock Odoo manages."""
        if products is not None and not products:
            return []
        self.env["ebay.listing"].flush_model()
        self.env["ebay.order.line"].flush_model()
        named = (
            SQL("product_id = ANY(%s)", list(products))
            if products is not None
            else SQL("TRUE")
        )
        rows = [
            Row(*values)
            for values in self.env.execute_query(
                SQL(
                    """
                    SELECT id, product_id, COALESCE(quantity, 0),
                           CASE WHEN quantity_acked_at IS NOT NULL
                                THEN COALESCE(quantity_acked, 0) END,
                           COALESCE(quantity_unsettled, FALSE),
                           COALESCE(quantity_refused, -1),
                           COALESCE(quantity_wanted, -1), push_next_try_at
                      FROM ebay_listing
                     WHERE account_id = %s AND active AND product_id IS NOT NULL
                       AND stock_master = 'odoo' AND NOT COALESCE(ignored, FALSE)
                       AND COALESCE(format, '') <> 'AUCTION'
                       AND push_feed_id IS NULL AND end_wanted_at IS NULL AND %s
                  ORDER BY id
                    """,
                    account.id,
                    named,
                )
            )
        ]
        sold = self._sold_since(account)
        for row in rows:
            row.sold, is_close = sold.get(row.id, (0, False))
            row.unsettled |= is_close
        return rows

    def _sold_since(self, account):
        """By listing: pieces that eBay sold since it last took a quantity, and whether
        one of them was sold so close to that moment that nobody knows what came first.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT listing.id,
                       COALESCE(sum(line.quantity) FILTER (
                           WHERE line.ordered_at > listing.quantity_acked_at), 0),
                       bool_or(line.ordered_at <= listing.quantity_acked_at + %(close)s)
                  FROM ebay_order_line line
                  JOIN ebay_listing listing ON %(of_listing)s
                 WHERE listing.account_id = %(account)s
                   AND line.ordered_at > listing.quantity_acked_at - %(close)s
              GROUP BY listing.id
                """,
                of_listing=OF_LISTING,
                account=account.id,
                close=CLOSE,
            )
        )
        return {listing_id: known for listing_id, *known in rows}

    def _keep_wanted(self, rows):
        """Store what was computed, if it is new."""
        changed = [row for row in rows if row.wanted != _stored(row.desired)]
        if not changed:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE ebay_listing SET quantity_wanted = new.quantity, "
                "quantity_computed_at = now() at time zone 'UTC' "
                "FROM unnest(%s, %s) AS new(id, quantity) "
                "WHERE ebay_listing.id = new.id",
                [row.id for row in changed],
                [_stored(row.desired) for row in changed],
            )
        )
        self.env["ebay.listing"].invalidate_model(
            ["quantity_wanted", "quantity_computed_at"], flush=False
        )

    # -- send ------------------------------------------------------------------

    def _moves(self, due):
        """(listing id, shown now, to be shown) of each row, for the guard."""
        return [(row.id, row.shown, row.desired) for row in due]

    def _changes(self, account, due):
        """What is to be sent: less before more, because a sale may come between."""
        ordered = sorted(due, key=lambda row: row.desired > (row.expected or 0))
        prices = self.env["ebay.flow.prices.out"]._prices_to_go_along(
            account, [row.id for row in due]
        )
        return [
            Change(row.id, quantity=row.desired, price=prices.get(row.id))
            for row in ordered
        ]


def _stored(desired):
    return NOT_WANTED if desired is None else desired
