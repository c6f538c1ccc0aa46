"""Inventory adjustments: pieces more or less of each product."""

from ...compat import apply_adjustment


class StockAdjuster:
    """Adjusts the stock of one account's own place."""

    def __init__(self, account, reason):
        self.account = account
        # sudo: adjusting is for stock managers; a manager of the account has decided
        # that eBay's quantities count, the robot only carries it out
        self.env = (
            account.env(su=True)["base"]
            .with_context(inventory_name=reason)
            .with_company(account.company_id)
            .env
        )

    @property
    def place(self):
        """Where the pieces are put or taken: the stock of the account's warehouse."""
        account = self.account
        warehouse = account.warehouse_id or account.env["stock.warehouse"].search(
            [("company_id", "=", account.company_id.id)], limit=1
        )
        internal = account.stock_place_ids.filtered(lambda one: one.usage == "internal")
        return internal[:1] or warehouse.lot_stock_id

    def adjust(self, differences):
        """Adjust ``{product: pieces}``; returns the products that could not be.

        A place that holds too few to take away is left alone. The moves of Odoo's own
        adjustment are made at once for all products; a count that somebody has begun
        there and not applied yet stays as it is.
        """
        place = self.place
        wanted = [product.id for product, pieces in differences.items() if pieces]
        here = {
            product: quantity
            for product, quantity in self.env["stock.quant"]._read_group(
                [
                    ("location_id", "=", place.id),
                    ("product_id", "in", wanted),
                    ("lot_id", "=", False),
                    ("package_id", "=", False),
                    ("owner_id", "=", False),
                ],
                ["product_id"],
                ["quantity:sum"],
            )
        }
        failed, moves = [], []
        for product, pieces in differences.items():
            if here.get(product, 0.0) + pieces < 0:
                failed.append(product)
            elif pieces:
                moves.append(self._move(product.with_env(self.env), pieces, place))
        apply_adjustment(self.env["stock.move"].create(moves))
        return failed

    def _move(self, product, pieces, place):
        """The values of one product's move, as Odoo's adjustment makes them."""
        quant = self.env["stock.quant"].new(
            {"product_id": product.id, "location_id": place.id}
        )
        way = [product.property_stock_inventory, place]
        if pieces < 0:
            way.reverse()
        return quant._get_inventory_move_values(abs(pieces), *way)
