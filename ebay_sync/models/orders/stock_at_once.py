"""What Odoo looks up once while a batch of eBay's orders is confirmed.

Nothing here changes what is delivered or reserved: it spares questions whose answer is
known already, and all of it waits for the context key ``ebay_at_once``.
"""

from collections import defaultdict

from odoo import api, models

from ...compat import RULE_FINDER

AT_ONCE = "ebay_at_once"


class Batch:
    """What is known of the orders that are being confirmed, and what was found out."""

    def __init__(self, orders, ruled_ids):
        self.ruled_ids = ruled_ids
        # these have no transfers yet: the first look for one finds none
        self.new_ids = {order.id for order in orders if not order.picking_ids}
        self.ways = {}
        self.looked_for = set()
        self.made = {}
        self.joined = set()
        self.rules = {}
        self.quants = defaultdict(dict)


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def message_post_with_source(self, source_ref, *args, **kwargs):
        """No note "created from" on each transfer: its form links the sale order."""
        if self.env.context.get(AT_ONCE) and source_ref == "mail.message_origin_link":
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, *args, **kwargs)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _trigger_scheduler(self):
        """Odoo looks for a reordering rule move by move; here for all products once."""
        batch = self.env.context.get(AT_ONCE)
        if not batch:
            return super()._trigger_scheduler()
        moves = self.filtered(lambda move: move.product_id.id in batch.ruled_ids)
        return super(StockMove, moves)._trigger_scheduler() if moves else None

    def _action_confirm(self, *args, **kwargs):
        if batch := self.env.context.get(AT_ONCE):
            self._make_pickings(batch)
        return super()._action_confirm(*args, **kwargs)

    def _make_pickings(self, batch):
        """The transfers of orders that have none, made at once, in Odoo's own words.

        Odoo makes them one by one as it comes to them, and finds these instead.
        """
        by_way = defaultdict(self.browse)
        for move in self:
            if move.state == "draft" and (way := move._way(batch)):
                by_way[way] |= move
        moves = {
            way: of_way
            for way, of_way in by_way.items()
            if way not in batch.looked_for
            and all(one._should_be_assigned() for one in of_way)
            and all(one.product_uom_qty >= 0 for one in of_way)
        }
        if not moves:
            return
        batch.looked_for |= moves.keys()
        values = [of_way._get_new_picking_values() for of_way in moves.values()]
        made = self.env["stock.picking"].create(values)
        batch.made |= dict(zip(moves, made, strict=True))

    def _way(self, batch):
        """What a transfer is for, if it is for an order that has none; else None."""
        if self.id not in batch.ways:
            order = self.sale_line_id.order_id
            is_new = len(order) == 1 and order.id in batch.new_ids
            way = (order.id, self._key_assign_picking()) if is_new else None
            batch.ways[self.id] = way
        return batch.ways[self.id]

    def _search_picking_for_assignation(self):
        """The one that was made; an order without transfers has no other to join."""
        batch = self.env.context.get(AT_ONCE)
        if batch and (way := self._way(batch)) in batch.made:
            return batch.made[way]
        return super()._search_picking_for_assignation()

    def _assign_picking_post_process(self, new=False):
        batch = self.env.context.get(AT_ONCE)
        if batch and not new:
            way = self[:1]._way(batch)
            new = way in batch.made and way not in batch.joined
            batch.joined.add(way)
        return super()._assign_picking_post_process(new=new)


class RuleFinder(models.Model):
    _inherit = RULE_FINDER

    @api.model
    def _search_rule_for_warehouses(
        self, route_ids, packaging, product_id, warehouse_ids, domain
    ):
        """The rules that move a product are the same for all orders of a batch."""
        found = super()._search_rule_for_warehouses
        batch = self.env.context.get(AT_ONCE)
        if not batch:
            return found(route_ids, packaging, product_id, warehouse_ids, domain)
        chosen = (route_ids, packaging, product_id, warehouse_ids)
        key = (*(tuple(one.ids) if one else () for one in chosen), str(domain))
        if key not in batch.rules:
            batch.rules[key] = found(*chosen, domain)
        return batch.rules[key]


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        if batch := self.env.context.get(AT_ONCE):
            batch.quants.clear()  # what was found is not all any more
        return quants

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        """The quants of a product at a place are found once, in Odoo's own order.

        What is reserved of them is read from them each time. A strategy that looks at
        the quantity asked for is left to Odoo.
        """
        batch = self.env.context.get(AT_ONCE)
        strategy = batch and self._get_removal_strategy(product_id, location_id)
        asked = (lot_id, package_id, owner_id)
        if not batch or strict or strategy == "least_packages":
            return super()._gather(product_id, location_id, *asked, strict, qty)
        known = batch.quants[product_id.id, location_id.id, self.env.su]
        key = tuple(one.id if one else False for one in asked)
        if key not in known:
            known[key] = super()._gather(product_id, location_id, *asked, strict, qty)
        return known[key].with_env(self.env)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _confirm_at_once(self):
        """Confirm these orders, with the shelf's quants read once for all of them."""
        products = self.order_line.product_id.filtered("is_storable")
        quants = self.env["stock.quant"]._get_quants_by_products_locations(
            products, self.warehouse_id.lot_stock_id
        )
        ruled = self.env["stock.warehouse.orderpoint"].search(
            [
                ("product_id", "in", self.order_line.product_id.ids),
                ("trigger", "=", "auto"),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        batch = Batch(self, set(ruled.product_id.ids))
        self.with_context(**{AT_ONCE: batch}, quants_cache=quants).action_confirm()
