"""Which exception applies to a listing: its own, its product's, its category's."""

from functools import cached_property

# Both cannot hold: the closer one does, and at the same place eBay is left alone.
OPPOSITES = (("fixed", "never"), ("price_fixed", "price_never"))
FAR = 10**6


class Overrides:
    """The account's exceptions about stock or prices, read once per run."""

    def __init__(self, account, about):
        self.env = account.env
        self._book = self.env["ebay.override"]._book(account, about)
        self._kinds = sorted({kind for kind, _level, _id in self._book})
        self._levels = {level for _kind, level, _id in self._book}

    def __bool__(self):
        return bool(self._book)

    def find(self, listing_id, product_id):
        """``{kind: amount}`` for a listing and its product."""
        if not self._book:
            return {}
        places = [("listing_id", listing_id), ("product_id", product_id)]
        if self._levels & {"product_tmpl_id", "categ_id"}:
            template_id, categ_id = self._products.get(product_id, (None, None))
            places.append(("product_tmpl_id", template_id))
            places += [("categ_id", one) for one in self._ancestors.get(categ_id, ())]
        found, distance = {}, {}
        for kind in self._kinds:
            for number, (level, record_id) in enumerate(places):
                amount = self._book.get((kind, level, record_id))
                if amount is not None:
                    found[kind], distance[kind] = amount, number
                    break
        for always, never in OPPOSITES:
            if distance.get(always, FAR) < distance.get(never, -1):
                del found[never]  # an exception from what holds for more
        return found

    @cached_property
    def _products(self):
        """Product id -> (template's id, category's id)."""
        products = self.env["product.product"].with_context(active_test=False)
        rows = products._read_group(
            [], ["product_tmpl_id", "categ_id"], ["id:array_agg"]
        )
        return {
            product_id: (template.id, category.id)
            for template, category, product_ids in rows
            for product_id in product_ids
        }

    @cached_property
    def _ancestors(self):
        """Category id -> itself and those above it, the nearest first."""
        return {
            category.id: [
                int(part) for part in category.parent_path.split("/") if part
            ][::-1]
            for category in self.env["product.category"].search([])
        }
