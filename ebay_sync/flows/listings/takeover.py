"""Before going live: compare, adopt eBay's quantities, take them back; and follow eBay.

eBay's quantity is what it can still sell. So Odoo's stock becomes that quantity and all
that is on its way to buyers: what is reserved or promised, and what eBay has sold in
orders that are stored and not built yet.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every

from ...mapping.stock_prices.price import SAME_PRICE
from ...mapping.stock_prices.stock import desired_quantity
from ...models.engine.ebay_access_mixin import MANAGER
from ...rows import insert_rows
from ..engine.run import naive_utc, utcnow
from ..engine.wishes import Wishes
from ..orders.fresh_orders import ORDERS_LAG, FreshOrders
from ..stock_prices.price_calculator import PriceCalculator
from ..stock_prices.stock_adjust import StockAdjuster
from ..stock_prices.stock_levels import StockLevels
from ..stock_prices.stock_rules import StockRules

CHUNK = 1_000
COMPARED = ["marketplace_id", "product_id", "currency_id", "price", "quantity"]
ADJUST_AT_ONCE = 100
# A listing that was made from an order's line shows nothing until eBay was asked.
DESCRIBED = [("changed_at", "!=", False)]


class EbayTakeoverDesk(models.AbstractModel):
    """Creates the lines of a preview."""

    _name = "ebay.takeover.desk"
    _description = "eBay: compare before going live"

    @api.model
    def _compare(self, takeover):
        """Put eBay's and Odoo's numbers side by side, for every linked listing."""
        account = takeover.account_id.with_company(takeover.company_id)
        listings = self.env["ebay.listing"].search(
            [
                ("account_id", "=", account.id),
                ("product_id", "!=", False),
                ("ignored", "=", False),
                ("format", "!=", "AUCTION"),
                *DESCRIBED,
            ]
        )
        # sudo: levels are read from stock, which an eBay manager need not see
        levels = StockLevels(account.sudo())
        rules = StockRules(account)
        calculator = PriceCalculator(account.sudo())
        Line = self.env["ebay.takeover.line"].sudo()  # only this class writes lines
        Line.search([("takeover_id", "=", takeover.id)]).unlink()
        for ids in split_every(CHUNK, listings.ids):
            rows = listings.sudo().browse(ids)
            rows.fetch(COMPARED)
            calculator.prepare(rows)
            prices = calculator.asked(rows)
            quantities = self._quantities(account, rows, levels, rules)
            lines = [
                self._line(account, row, quantities[row.id], prices[row][0])
                for row in rows
            ]
            insert_rows(
                Line,
                takeover_id=takeover.id,
                company_id=account.company_id.id,
                **{name: [line[name] for line in lines] for name in lines[0]},
            )
            self.env.invalidate_all()  # the memory stays that of one chunk
        takeover.sudo().computed_at = fields.Datetime.now()

    def _quantities(self, account, rows, levels, rules):
        """``{listing id: pieces}`` that eBay is to show, None where none are sent."""
        products = {row.id: row.product_id.id for row in rows}
        quantities = {
            row_id: desired_quantity(
                rules.find(row_id, product_id), *levels.available(product_id)
            )
            for row_id, product_id in products.items()
        }
        hooks = self.env["ebay.hook.stock.prices"]
        return hooks._quantities(quantities, products, account)

    def _line(self, account, row, desired, price):
        price = float(price or 0)
        moved = abs(price - row.price) if price else 0.0
        limit = row.price * account.price_move_limit / 100
        return {
            "listing_id": row.id,
            "product_id": row.product_id.id,
            "currency_id": row.currency_id.id,
            "ebay_quantity": row.quantity,
            "odoo_quantity": desired or 0,
            "quantity_known": desired is not None,
            "quantity_differs": desired is not None and desired != row.quantity,
            "goes_to_zero": desired == 0 and row.quantity > 0,
            "ebay_price": row.price,
            "odoo_price": price,
            "price_differs": moved >= SAME_PRICE,
            "price_jumps": bool(row.price) and moved > limit,
            "chosen": desired is not None,
        }


class Takeover:
    """Carries out, in slices, what was decided about stock that eBay manages."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account

    def go_on(self):
        """Adopt, take back, and follow eBay where it manages the stock."""
        if self.run.more:
            return
        begun = self.env["ebay.takeover"].search(
            [
                ("account_id", "=", self.account.id),
                ("state", "in", ("adopting", "undoing")),
            ]
        )
        # eBay's quantities were read a moment ago: now what it had sold by then
        if "adopting" in begun.mapped("state") and not FreshOrders(self.run).are_here():
            return
        lawful = Wishes(self.run, MANAGER).standing(begun, "begun_by_id")
        for takeover in begun - lawful:
            takeover.state = "preview" if takeover.state == "adopting" else "adopted"
        for takeover in lawful:
            if not self._carry_out(takeover):
                self.run.more = True
                return
        self._follow_ebay()

    # -- a takeover ----------------------------------------------------------------

    def _carry_out(self, takeover):
        """Work through the lines; true when all are done."""
        adopting = takeover.state == "adopting"
        step = self._adopt if adopting else self._take_back
        while lines := self._open_lines(takeover, adopting):
            step(takeover, lines)
            lines.done = True
            if not self.run.save(len(lines)):
                return not self._open_lines(takeover, adopting)
        if adopting:
            takeover.state = "adopted"
            takeover.adopted_at = naive_utc(utcnow())
            self.account._wake("listings_in")  # for what was sold in the meantime
        else:
            self._let_go(takeover)
        self.run.save()
        return True

    def _open_lines(self, takeover, adopting):
        """The next lines, whole products at a time."""
        what = ("chosen", "=", True) if adopting else ("adopted", "!=", 0)
        domain = [("takeover_id", "=", takeover.id), ("done", "=", False), what]
        Line = self.env["ebay.takeover.line"]
        first = Line.search(domain, limit=ADJUST_AT_ONCE)
        return first and Line.search(
            [*domain, ("product_id", "in", first.product_id.ids)]
        )

    def _adopt(self, takeover, lines):
        levels = self._levels(lines.product_id)
        wanted, problems = {}, {}
        for product, rows in lines.grouped("product_id").items():
            listings = _selling(product, rows)
            quantity = _one_of(listings.mapped("quantity"), takeover.several)
            problem = self._problem(product, quantity, levels)
            if not listings:
                problem = "gone"
            elif "odoo" in listings.mapped("stock_master"):
                problem = "decided"
            if problem:
                problems[product] = problem
            else:
                wanted[product] = quantity
        reason = self.env._(
            "Opening stock from eBay (%(account)s)", account=self.account.name
        )
        differences = self._adjust(levels, wanted, reason, problems)
        following = self.env["ebay.listing"]
        for product, rows in lines.grouped("product_id").items():
            rows.problem = problems.get(product, False)
            if product in differences:
                # one line of a product carries its difference, to be taken back once
                rows[:1].adopted = differences[product]
                following += _selling(product, rows)
        following._let_decide(stock="ebay")

    def _take_back(self, takeover, lines):
        reason = self.env._(
            "Opening stock from eBay taken back (%(account)s)",
            account=self.account.name,
        )
        adjuster = StockAdjuster(self.account, reason)
        differences = {line.product_id: -line.adopted for line in lines}
        failed = set(adjuster.adjust(differences))
        stuck = lines.filtered(lambda line: line.product_id in failed)
        stuck.problem = "elsewhere"
        back = lines - stuck
        self._log(back.listing_id, [{"stock": [one.adopted, 0.0]} for one in back])
        back.write({"adopted": 0.0, "problem": False})

    def _let_go(self, takeover):
        """Nobody manages what was adopted any longer, the unchanged ones included.

        What could not be taken back stays adopted, and can be tried again.
        """
        Line = self.env["ebay.takeover.line"]
        mine = [("takeover_id", "=", takeover.id)]
        stuck = Line.search([*mine, ("adopted", "!=", 0)]).product_id
        following = Line.search(
            [
                *mine,
                ("chosen", "=", True),
                ("product_id", "not in", stuck.ids),
                ("listing_id.stock_master", "=", "ebay"),
            ]
        ).listing_id
        following._let_decide(stock="nobody")
        if not stuck:
            takeover.write({"state": "undone", "adopted_at": False})
        else:
            takeover.state = "adopted"

    def _levels(self, products):
        """What remains of products when everything promised has been shipped."""
        return StockLevels(self.account, products.ids, source="promised")

    def _adjust(self, levels, wanted, reason, problems):
        """Set the stock of products so that ``wanted`` can still be sold.

        Returns the differences that were applied; adds to ``problems`` what failed.
        """
        differences = {
            product: quantity - levels.net(product.id)
            for product, quantity in wanted.items()
        }
        for product in StockAdjuster(self.account, reason).adjust(differences):
            problems[product] = "elsewhere"
            del differences[product]
        changes = {
            product.id: {"stock": [before, before + pieces]}
            for product, pieces in differences.items()
            for before in [levels.net(product.id)]
            if pieces
        }
        products = self.env["product.product"].browse(changes)
        self._log(products, list(changes.values()))
        return differences

    def _problem(self, product, quantity, levels):
        if product.id in levels.kits:
            return "kit"
        if not product.is_storable:
            return "not_counted"
        if product.tracking != "none":
            return "tracked"
        return "disagree" if quantity is None else None

    def _log(self, records, changes):
        self.run.counts["updated"] += len(records)
        self.run.lines("updated", records, changes)

    # -- eBay decides --------------------------------------------------------------

    def _follow_ebay(self):
        """While eBay manages the stock, its new quantities become Odoo's.

        Only quantities as old as the orders that are here: a sale that eBay has taken
        off already, and Odoo does not know yet, would be taken off twice.
        """
        Listing = self.env["ebay.listing"]
        pending = Listing.search(
            [
                ("account_id", "=", self.account.id),
                ("stock_pending", "=", True),
                ("stock_master", "=", "ebay"),
                ("product_id", "!=", False),
                *DESCRIBED,
            ]
        )
        until = self._orders_known_until()
        ripe = pending.filtered(lambda row: until and row.changed_at <= until)
        self._come_again_for(pending - ripe)
        products = ripe.product_id.ids
        for start in range(0, len(products), ADJUST_AT_ONCE):
            self._follow(products[start : start + ADJUST_AT_ONCE])
            if not self.run.save():
                self.run.more = start + ADJUST_AT_ONCE < len(products)
                return

    def _come_again_for(self, unripe):
        """Changes that this run brought wait for the orders, not for the next round."""
        began = self.run.log_sudo.started_at
        if unripe.filtered(lambda row: row.changed_at >= began):
            soon = naive_utc(utcnow() + ORDERS_LAG)
            self.account._wake("orders_in", at=soon)
            self.account._wake("listings_in", at=soon + ORDERS_LAG)

    def _orders_known_until(self):
        until = self.account.orders_read_until_at
        # times are stored in whole seconds
        return until and until - timedelta(seconds=1)

    def _follow(self, product_ids):
        rows = self.env["ebay.listing"].search(
            [
                ("account_id", "=", self.account.id),
                ("stock_master", "=", "ebay"),
                ("product_id", "in", product_ids),
                *DESCRIBED,
            ]
        )
        levels = self._levels(rows.product_id)
        wanted, problems = {}, {}
        for product, listings in rows.grouped("product_id").items():
            quantity = _one_of(listings.mapped("quantity"), "skip")
            problem = self._problem(product, quantity, levels)
            self._tell_disagreement(product, listings, problem == "disagree")
            if problem:
                problems[product] = problem
            else:
                wanted[product] = quantity
        reason = self.env._("Quantity on eBay (%(account)s)", account=self.account.name)
        self._adjust(levels, wanted, reason, problems)
        rows.filtered("stock_pending").stock_pending = False

    def _tell_disagreement(self, product, listings, disagree):
        if not disagree:
            self.env["ebay.issue"].search(
                [
                    ("account_id", "=", self.account.id),
                    ("code", "=", "quantities_disagree"),
                    ("res_id", "=", product.id),
                    ("state", "=", "open"),
                ]
            )._close()
            return
        self.env["ebay.issue"]._raise(
            self.account,
            "quantities_disagree",
            record=product,
            product=product.display_name,
            quantities=", ".join(map(str, sorted(set(listings.mapped("quantity"))))),
        )


def _selling(product, lines):
    """The listings of a preview's lines that still sell the product."""
    return lines.listing_id.filtered(
        lambda row: row.active and row.product_id == product
    )


def _one_of(quantities, rule):
    """The quantity of a product's listings; by the account's rule if they differ."""
    if not quantities:
        return None
    if len(set(quantities)) == 1:
        return quantities[0]
    return {"lowest": min, "highest": max}.get(rule, lambda _some: None)(quantities)
