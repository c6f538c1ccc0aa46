"""Inventory adjustments: so many pieces more or less of each product."""


class StockAdjuster:
    """Adjusts the stock of one account's own place."""

    def __init__(self, account, reason):
        self.account = account
        # sudo: adjusting is for stock managers; a manager of the account has decided
        # that eBay's quantities count, the robot only carries it out
        self.Quant = (
            account.env["stock.quant"]
            .sudo()
            .with_context(inventory_mode=True, inventory_name=reason)
            .with_company(account.company_id)
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

        A place that holds too few to take away is left alone.
        """
        place = self.place
        wanted = [product.id for product, pieces in differences.items() if pieces]
        here = {
            product: quantity
            for product, quantity in self.Quant._read_group(
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
        counted, failed = [], []
        for product, pieces in differences.items():
            target = here.get(product, 0.0) + pieces
            if target < 0:
                failed.append(product)
            elif pieces:
                counted.append(
                    {
                        "product_id": product.id,
                        "location_id": place.id,
                        "inventory_quantity": target,
                    }
                )
        if counted:
            self.Quant.create(counted).action_apply_inventory()
        return failed
