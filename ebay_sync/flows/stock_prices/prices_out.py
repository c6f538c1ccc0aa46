"""Odoo's prices go to eBay: what may have changed -> compute -> guard -> send.

A price is computed again when something that it is made of has changed: the product,
a pricelist, a rate, a tax, a rule; and everything once a day. What was computed is kept
at the listing, and is compared in every run with what eBay last took.
"""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ...mapping.stock_prices.price import NO_RATE, NO_RULE
from ..engine.run import LONGEST_TRANSACTION
from .price_calculator import PriceCalculator
from .push import ListingPush
from .push_change import Change
from .push_conflicts import PushConflicts
from .push_feed import PushFeed
from .push_filter import filter_works
from .push_guard import FEW, PushGuard

CHUNK = 1000


class EbayFlowPricesOut(models.AbstractModel):
    """product.pricelist -> what eBay asks."""

    _name = "ebay.flow.prices.out"
    _description = "eBay flow: prices out"
    _inherit = "ebay.flow"

    _flow_name = "prices_out"
    _flow_sequence = 40
    _flow_interval = (15, "minutes")

    @api.model
    def _flow_label(self):
        return self.env._("Prices")

    @api.model
    def _work(self, run):
        """Compute what may have changed, then send what differs."""
        if not run.account.price_rule_ids or not filter_works(run):
            return
        if run.account._may_write():
            PushFeed(run).go_on()
            PushConflicts(run).settle_prices()
        self._compute(run)
        if run.more or not run.account._may_write():
            return
        PushConflicts(run).agree("price")
        due = self._due(run.account)
        held = PushGuard(run, "prices_out").held_back(due)
        due = [move for move in due if move[0] not in held]
        ListingPush(run).send(self._changes(due))

    # -- compute -------------------------------------------------------------------

    def _compute(self, run):
        """Compute the prices that may have changed, a chunk at a time."""
        schedule = run.account._price_schedule()
        began, ingredients = run.log_sudo.started_at, self._ingredients(run.account)
        since = schedule.compared_at if schedule.ingredients == ingredients else None
        listings = self._stale(run.account, since)
        for start in range(0, len(listings), CHUNK):
            self._compute_chunk(run, listings[start : start + CHUNK])
            if not run.save(CHUNK) and start + CHUNK < len(listings):
                run.more = True
                return
        schedule.write({"compared_at": began, "ingredients": ingredients})
        run.save()

    def _ingredients(self, account):
        """What all prices depend on besides the products, as one short text."""
        self.env.flush_all()
        more = self.env["ebay.hook.stock.prices"]._prepare_price_ingredients(
            [account.never_push_domain or ""], account=account
        )
        [(text,)] = self.env.execute_query(
            SQL(
                """
                SELECT md5(concat_ws('|',
                    CURRENT_DATE,
                    (SELECT concat_ws(',', count(*), max(write_date),
                            count(*) FILTER (WHERE date_start <= %(now)s),
                            count(*) FILTER (WHERE date_end < %(now)s))
                       FROM product_pricelist_item),
                    (SELECT concat_ws(',', count(*), max(write_date))
                       FROM product_pricelist),
                    (SELECT concat_ws(',', count(*), max(write_date))
                       FROM product_template_attribute_value),
                    (SELECT concat_ws(',', count(*), max(write_date))
                       FROM res_currency_rate),
                    (SELECT concat_ws(',', count(*), max(write_date)) FROM account_tax),
                    (SELECT concat_ws(',', count(*), max(write_date))
                       FROM ebay_price_rule),
                    (SELECT concat_ws(',', count(*), max(write_date))
                       FROM ebay_override WHERE about = 'price'),
                    %(more)s
                ))
                """,
                now=fields.Datetime.now(),
                more="|".join(more),
            )
        )
        return text

    def _stale(self, account, since):
        """The listings whose price may have changed; all when ``since`` is None."""
        newer = SQL("TRUE")
        if since:
            newer = SQL(
                "GREATEST(product.write_date, template.write_date, "
                "listing.changed_at, listing.linked_at) >= %s "
                "OR listing.price_computed_at IS NULL",
                since - LONGEST_TRANSACTION,
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT listing.id
                  FROM ebay_listing listing
                  JOIN product_product product ON product.id = listing.product_id
                  JOIN product_template template
                       ON template.id = product.product_tmpl_id
                 WHERE listing.account_id = %s AND listing.active
                   AND listing.price_master = 'odoo'
                   AND NOT COALESCE(listing.ignored, FALSE)
                   AND COALESCE(listing.format, '') <> 'AUCTION' AND (%s)
              ORDER BY listing.id
                """,
                account.id,
                newer,
            )
        )
        return self.env["ebay.listing"].browse(row[0] for row in rows)

    def _compute_chunk(self, run, listings):
        """Store the price, or the problem, of many listings at once."""
        calculator = PriceCalculator(run.account)
        calculator.prepare(listings)
        ids, prices, problems, missing = [], [], [], set()
        for listing, (price, problem) in calculator.asked(listings).items():
            if problem == NO_RATE:
                missing.add(listing.currency_id.name or "-")
            self._tell(run.account, listing, problem)
            ids.append(listing.id)
            prices.append(price or Decimal(0))  # a price of 0 is never sent
            problems.append(problem)
        for currency in missing:
            self.env["ebay.issue"]._raise(
                run.account, "price_no_rate", currency, currency=currency
            )
        run.counts["seen"] += len(ids)
        self.env.cr.execute(
            SQL(
                "UPDATE ebay_listing SET price_wanted = new.price, "
                "price_problem = new.problem, "
                "price_computed_at = now() at time zone 'UTC' "
                "FROM unnest(%s, %s::numeric[], %s::varchar[]) "
                "AS new(id, price, problem) WHERE ebay_listing.id = new.id "
                # what comes out the same is not written once more
                "AND (price_computed_at IS NULL OR (price_wanted, price_problem) "
                "IS DISTINCT FROM (new.price, new.problem))",
                ids,
                prices,
                problems,
            )
        )
        self.env["ebay.listing"].invalidate_model(
            ["price_wanted", "price_problem", "price_computed_at"], flush=False
        )

    def _tell(self, account, listing, problem):
        """A price that cannot be sent stays in the inbox until it can."""
        if problem == listing.price_problem or problem in (NO_RATE, NO_RULE):
            return
        if problem:
            self.env["ebay.issue"]._raise(
                account, "price_none", record=listing, title=listing.display_name
            )
        elif listing.price_problem:
            listing._close_push_issues(("price_none",))

    # -- send ----------------------------------------------------------------------

    @api.model
    def _due(self, account, listing_ids=None):
        """[(listing id, shown now, to be shown)] of what differs."""
        self.env["ebay.listing"].flush_model()
        named = SQL("TRUE")
        if listing_ids is not None:
            named = SQL("id = ANY(%s)", list(listing_ids))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, shown, price_wanted FROM (
                    SELECT *, CASE WHEN price_acked_at IS NULL
                                   THEN COALESCE(price, 0) ELSE price_acked END AS shown
                      FROM ebay_listing
                     WHERE account_id = %s AND active AND product_id IS NOT NULL
                       AND price_master = 'odoo' AND NOT COALESCE(ignored, FALSE)
                       AND COALESCE(format, '') <> 'AUCTION'
                       AND push_feed_id IS NULL
                       AND COALESCE(price_wanted, 0) > 0
                       AND COALESCE(price_refused, 0) <> price_wanted
                       AND (push_next_try_at IS NULL OR push_next_try_at <= %s)
                       AND product_id <> ALL(%s) AND %s
                ) listing
                 WHERE shown <> price_wanted OR price_unsettled
              ORDER BY id
                """,
                account.id,
                fields.Datetime.now(),
                list(account._never_pushed_ids()),
                named,
            )
        )
        return [
            (row_id, _amount(shown), _amount(wanted)) for row_id, shown, wanted in rows
        ]

    @api.model
    def _changes(self, due):
        return [Change(row_id, price=after) for row_id, _before, after in due]

    @api.model
    def _prices_to_go_along(self, account, listing_ids):
        """Prices that may travel in the same request as a quantity.

        Only small moves: larger ones are for this flow's own guard to judge. None at
        all while many prices wait: what moved those too far moved these too.
        """
        waiting = self.env["ebay.held.push"]._waiting(account, self._flow_name)
        if waiting.total >= FEW:
            return {}
        limit = Decimal(account.price_move_limit) / 100
        return {
            row_id: after
            for row_id, before, after in self._due(account, listing_ids)
            if before and abs(after - before) <= before * limit
        }


def _amount(number):
    """A price from the database as a Decimal without a float's noise."""
    return Decimal(repr(float(number or 0)))
