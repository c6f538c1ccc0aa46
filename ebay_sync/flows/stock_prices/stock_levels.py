"""What Odoo has of the products sold on eBay: read in groups, not one by one."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from odoo import fields
from odoo.tools import SQL

from ...compat import SOL_UOM
from ...mapping.stock_prices.stock import kit_quantity
from ..orders.line_products import LineProducts

OPEN_MOVES = ("waiting", "confirmed", "assigned", "partially_available")
# From this number of products on it is cheaper to read all than to name them.
NAME_AT_MOST = 5_000


@dataclass(frozen=True, slots=True)
class _Sold:
    """A number of pieces, with what a stored order says they are."""

    listing_ref: str
    sku: str
    variation_ref: str
    quantity: int


class StockLevels:
    """Available pieces of products, and what eBay's stored orders will still take.

    ``product_ids`` None is every product. Nothing is written. What is read is what the
    account's robot may read: the places are the account's own. ``source`` counts
    another way than the account's rule says.
    """

    def __init__(self, account, product_ids=None, source=None):
        self.env = account.env
        self.account = account
        self.product_ids = product_ids
        self.source = source or account.stock_source

    # -- what people and mappings get -------------------------------------------

    def available(self, product_id):
        """(available, waiting) of a product; available is None where none is counted.

        Of a kit it is what its components allow, with what waits taken off already.
        """
        if parts := self.kits.get(product_id):
            nets = [(self.net(component), needed) for component, needed in parts]
            return kit_quantity(nets), 0.0
        if product_id in self.kits or product_id not in self._storable:
            return None, 0.0
        return self._levels.get(product_id, 0.0), self._taken.get(product_id, 0.0)

    def net(self, product_id):
        """What remains of a product when the waiting orders are served."""
        return self._levels.get(product_id, 0.0) - self._taken.get(product_id, 0.0)

    # -- places ----------------------------------------------------------------

    @cached_property
    def places(self):
        """The stock locations that count, with all that lies in them."""
        account = self.account
        if account.stock_place_ids:
            return account.stock_place_ids
        mapped = self.env["ebay.location"].search(
            [("account_id", "=", account.id), ("warehouse_id", "!=", False)]
        )
        places = self.env["stock.location"]
        for one in mapped:
            places |= one.stock_location_id or one.warehouse_id.view_location_id
        warehouses = account.warehouse_id or self.env["stock.warehouse"].search(
            [("company_id", "=", account.company_id.id)]
        )
        return places or warehouses.view_location_id

    # -- quants and moves --------------------------------------------------------

    @cached_property
    def _named(self):
        """The domain for the products asked for, with the parts of kits among them."""
        if self.product_ids is None or len(self.product_ids) > NAME_AT_MOST:
            return []
        parts = {part for lines in self.kits.values() for part, _needed in lines}
        return [("product_id", "in", list(set(self.product_ids) | parts))]

    @cached_property
    def _levels(self):
        """Available pieces by product id, as the account's rule counts them."""
        here, coming, going = (
            self.env["product.product"]
            .with_context(location=self.places.ids)
            ._get_domain_locations()
        )
        source = self.source
        levels = defaultdict(float)
        for product, on_hand, reserved in self.env["stock.quant"]._read_group(
            [*self._named, *here, *self._not_expired],
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        ):
            levels[product.id] = on_hand - (reserved if source == "free" else 0.0)
        if source in ("promised", "forecast"):
            self._add_moves(levels, going, -1)
        if source == "forecast":
            self._add_moves(levels, coming, 1)
        return levels

    @property
    def _not_expired(self):
        """The domain without lots that Odoo would no longer reserve."""
        if "removal_date" not in self.env["stock.quant"]._fields:
            return []
        now = fields.Datetime.now()
        return ["|", ("removal_date", "=", False), ("removal_date", ">", now)]

    def _add_moves(self, levels, where, sign):
        domain = [("state", "in", OPEN_MOVES), *self._named, *where]
        for product, quantity in self.env["stock.move"]._read_group(
            domain, ["product_id"], ["product_qty:sum"]
        ):
            levels[product.id] += sign * quantity

    @cached_property
    def _storable(self):
        """Ids of the products whose stock Odoo counts."""
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id FROM product_product p "
                "JOIN product_template t ON t.id = p.product_tmpl_id "
                "WHERE t.is_storable"
            )
        )
        return {row[0] for row in rows}

    # -- kits ------------------------------------------------------------------

    @cached_property
    def kits(self):
        """Kits by product id: [(component's id, pieces needed per kit), ...]."""
        if "mrp.bom" not in self.env:
            return {}
        # sudo: bills of materials belong to manufacturing; they are only read here
        Bom = self.env["mrp.bom"].sudo()
        domain = [
            ("type", "=", "phantom"),
            ("company_id", "in", (self.account.company_id.id, False)),
        ]
        boms = Bom.search(domain)
        products = (
            boms.product_id
            | boms.filtered(
                lambda bom: not bom.product_id
            ).product_tmpl_id.product_variant_ids
        )
        found = Bom._bom_find(
            products, company_id=self.account.company_id.id, bom_type="phantom"
        )
        return {product.id: _parts(bom, product) for product, bom in found.items()}

    # -- eBay's orders that are not in Odoo yet ------------------------------------

    @cached_property
    def _taken(self):
        """Pieces by product id that stored orders will take, kits by their parts."""
        taken = defaultdict(float)
        for product_id, quantity in self._waiting_lines():
            for part, needed in self.kits.get(product_id, [(product_id, 1.0)]):
                taken[part] += quantity * needed
        if self.source == "free":
            for part, reserved in self._held().items():
                taken[part] = max(taken[part] - reserved, 0.0)
            for part, missing in self._unreserved():
                taken[part] += missing
        return taken

    def _unreserved(self):
        """(product id, pieces) that confirmed orders of eBay's have not reserved.

        Odoo reserves by hand or shortly before the date where a warehouse says so, and
        not at all what is missing or lies in another warehouse. Counted is the first
        open move of each delivery, at the places that count.
        """
        self.env.flush_all()
        places = self.env["stock.location"].search(
            [("id", "child_of", self.places.ids)]
        )
        return self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE chain AS (
                    SELECT move.id
                      FROM ebay_account account
                      JOIN sale_order sale ON sale.ebay_account_id = account.id
                      JOIN sale_order_line line ON line.order_id = sale.id
                      JOIN stock_move move ON move.sale_line_id = line.id
                     WHERE account.company_id = %(company)s
                       AND sale.state = 'sale' AND move.state = ANY(%(open)s)
                 UNION
                    SELECT origin.id
                      FROM chain
                      JOIN stock_move_move_rel rel ON rel.move_dest_id = chain.id
                      JOIN stock_move origin ON origin.id = rel.move_orig_id
                     WHERE origin.state = ANY(%(open)s)
                )
                SELECT move.product_id,
                       sum(move.product_qty - COALESCE(
                           move.quantity * move.product_qty
                           / NULLIF(move.product_uom_qty, 0), 0))
                  FROM chain
                  JOIN stock_move move ON move.id = chain.id
                 WHERE move.state IN ('waiting', 'confirmed', 'partially_available')
                   AND move.location_id = ANY(%(places)s)
                   AND NOT EXISTS (
                       SELECT FROM stock_move_move_rel rel
                         JOIN stock_move origin ON origin.id = rel.move_orig_id
                        WHERE rel.move_dest_id = move.id
                          AND origin.state = ANY(%(open)s))
              GROUP BY move.product_id
                """,
                company=self.account.company_id.id,
                open=list(OPEN_MOVES),
                places=places.ids,
            )
        )

    def _held(self):
        """Pieces by product id that are reserved for unpaid orders already.

        They are no longer free to use; where all that is on hand counts, they still
        wait to be taken off.
        """
        sales = self.env["sale.order"].search(
            [
                ("company_id", "=", self.account.company_id.id),
                ("ebay_hold_picking_id", "!=", False),
                ("state", "in", ("draft", "sent")),
            ]
        )
        groups = self.env["stock.move"]._read_group(
            [
                ("picking_id", "in", sales.ebay_hold_picking_id.ids),
                ("state", "in", OPEN_MOVES),
            ],
            ["product_id"],
            ["quantity:sum"],
        )
        return {product.id: quantity for product, quantity in groups}

    def _waiting_lines(self):
        """(product id, pieces) of every line whose goods Odoo has not reserved yet.

        That is: orders not built, and quotations nobody has confirmed, in all accounts
        of the company, because they sell from the same shelf. A quotation's line counts
        for the product it holds, whatever its listing was linked to since, and for as
        many as eBay sold; what the quotation lacks counts for the product that its
        listing has now.
        """
        self.env.flush_all()
        quoted = self.env.execute_query(
            SQL(
                "SELECT quoted.id, sold.quantity FROM ebay_order o "
                "JOIN sale_order sale ON sale.id = o.sale_order_id "
                "JOIN sale_order_line quoted ON quoted.order_id = sale.id "
                "JOIN ebay_order_line sold ON sold.order_id = o.id "
                "AND sold.line_ref = quoted.ebay_line_ref "
                "WHERE %s AND sale.state IN ('draft', 'sent') "
                "AND quoted.product_id IS NOT NULL",
                self._still_wanted,
            )
        )
        lines = self.env["sale.order.line"].browse(row[0] for row in quoted)
        for line, (_line_id, quantity) in zip(lines, quoted, strict=True):
            product = line.product_id
            yield (
                product.id,
                line[SOL_UOM]._compute_quantity(quantity, product.uom_id, round=False),
            )
        yield from self._lines_without_quotation()

    @property
    def _still_wanted(self):
        """The condition on an order ``o`` whose goods eBay's buyer may still get."""
        return SQL(
            """
            o.company_id = %s AND o.state <> 'ignored'
            AND COALESCE(o.cancel_state, '') <> 'CANCELED'
            AND COALESCE(o.payment_status, '') NOT IN ('FAILED', 'FULLY_REFUNDED')
            """,
            self.account.company_id.id,
        )

    def _lines_without_quotation(self):
        """(product id, pieces) of what was sold and stands in no sale order yet."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.account_id, line.listing_ref, line.sku,
                       line.variation_ref, sum(line.quantity)
                  FROM ebay_order_line line
                  JOIN ebay_order o ON o.id = line.order_id
             LEFT JOIN sale_order sale ON sale.id = o.sale_order_id
                 WHERE %s
                   AND (sale.id IS NULL AND o.state IN ('pending', 'blocked')
                        OR sale.state IN ('draft', 'sent') AND NOT EXISTS (
                            SELECT FROM sale_order_line quoted
                             WHERE quoted.order_id = sale.id
                               AND quoted.product_id IS NOT NULL
                               AND quoted.ebay_line_ref = line.line_ref))
              GROUP BY 1, 2, 3, 4
                """,
                self._still_wanted,
            )
        )
        by_account = defaultdict(list)
        for row in rows:
            by_account[row[0]].append(_Sold(*row[1:]))
        for account in self.account.browse(by_account):
            lines = by_account[account.id]
            products = LineProducts(account, lines)
            for line in lines:
                if product := products.find(line):
                    yield product.id, line.quantity


def _parts(bom, product):
    """The storable parts of one kit: [(product id, pieces per kit), ...]."""
    # an exploded line has its own unit; the product's unit is needed
    parts = defaultdict(float)
    for line, told in bom.explode(product, 1.0)[1]:
        part = line.product_id
        if part.is_storable:
            parts[part.id] += line.product_uom_id._compute_quantity(
                told["qty"] / (bom.product_qty or 1.0), part.uom_id, round=False
            )
    return list(parts.items())
