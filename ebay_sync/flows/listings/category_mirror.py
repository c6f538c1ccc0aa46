"""eBay's category path, of any depth, as Odoo's product categories.

A category that somebody has mapped is taken as it is; what is missing below it is
made, level by level, and remembered at eBay's category, whose id is the key.
"""


class CategoryMirror:
    """Finds, and creates if needed, the product category of a listing."""

    def __init__(self, account):
        self.env = account.env
        self.account = account
        # sudo: categories are for product managers; whoever may create products from
        # listings has asked for theirs
        self.Category = self.env["product.category"].sudo()

    def find(self, listing):
        """The product category of a listing, empty when eBay's is not known."""
        known = self._ebay_category(listing)
        if known:
            return self._mirrored(known)
        names = [name for name in (listing.category_path or "").split(" / ") if name]
        return self._by_names(self.account.new_product_categ_id, names)

    def _ebay_category(self, listing):
        if not listing.category_ref:
            return self.env["ebay.category"]
        return self.env["ebay.category"].search(
            [
                ("category_ref", "=", listing.category_ref),
                ("tree_id.environment", "=", self.account.environment),
                ("tree_id.marketplace_ids", "in", listing.marketplace_id.ids),
            ],
            limit=1,
        )

    def _mirrored(self, category):
        """The mapped category, else one of the same name below its parent's."""
        if category.product_category_id:
            return category.product_category_id
        parent = category.parent_id
        above = self._mirrored(parent) if parent else self.account.new_product_categ_id
        made = self._by_names(above, [category.name])
        category.sudo().product_category_id = made  # the robot's note for the next time
        return made

    def _by_names(self, parent, names):
        found = parent if names else self.Category
        for name in names:
            found = self.Category.search(
                [("name", "=", name), ("parent_id", "=", parent.id)], limit=1
            ) or self.Category.create({"name": name, "parent_id": parent.id})
            parent = found
        return found
