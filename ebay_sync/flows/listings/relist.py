"""A listing that comes back under another item id keeps what people decided.

eBay gives a relisted item a new id. The same SKU is not enough to know it again: many
sellers use one for whatever lies on a shelf. With the same title it is the same thing.
"""

from odoo.tools import SQL

BY_THE_RULES = ("sku", "barcode", "sku_barcode", "title")


class Relisted:
    """Finds for each new listing the ended one that it used to be."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.Listing = self.env["ebay.listing"]

    def carry_over(self, by_rules=False):
        """Let new listings inherit what people decided about the old ones.

        ``by_rules``: also the links that no person made. The rules come before those.
        """
        pairs = [
            (new, old)
            for new, old in self._pairs()
            if by_rules or old.link_method not in BY_THE_RULES
        ]
        for new, old in pairs:
            self._carry(new, old)
        linked = [(new, old) for new, old in pairs if old.product_id]
        rows = self.Listing.browse(new.id for new, _old in linked)
        rows._link_each(
            [(old.product_id.id, old.link_method, old.link_score) for _n, old in linked]
        )
        self.run.counts["updated"] += len(rows)
        self.run.lines(
            "updated",
            rows,
            [
                {"product_id": [False, old.product_id.display_name]}
                for _n, old in linked
            ],
        )

    def _pairs(self):
        """(new listing, the latest ended one of its SKU and title) where decided on.

        Compared here: right after a backfill PostgreSQL has no idea how many rows there
        are, and compares each with each. A first backfill reads none of them.
        """
        self.Listing.flush_model()
        decided = SQL(
            "NOT active AND (product_id IS NOT NULL OR ignored OR link_by_hand)"
        )
        if not self._named(decided, limit=1):
            return []
        new = self._named(
            SQL(
                "active AND product_id IS NULL AND link_checked_at IS NULL"
                " AND NOT COALESCE(ignored, FALSE)"
                " AND NOT COALESCE(link_by_hand, FALSE)"
            )
        )
        skus = list({sku for _id, _ref, sku, *_more in new})
        old = {}
        for row_id, ref, *name in self._named(
            SQL("%s AND sku = ANY(%s)", decided, skus)
        ):
            old.setdefault(tuple(name), []).append((row_id, ref))
        return [
            (self.Listing.browse(row_id), self.Listing.browse(former))
            for row_id, ref, *name in new
            for former in self._other(old.get(tuple(name), ()), ref)
        ]

    def _other(self, candidates, ref):
        """The first of them that is another listing, if there is one."""
        return [row_id for row_id, its_ref in candidates if its_ref != ref][:1]

    def _named(self, condition, limit=None):
        """(id, item id, SKU, title, marketplace) of rows; the last one ended first."""
        return self.env.execute_query(
            SQL(
                """
                SELECT id, listing_ref, sku, lower(title), marketplace_id
                  FROM ebay_listing
                 WHERE account_id = %s AND sku <> '' AND title <> '' AND %s
              ORDER BY ended_at DESC NULLS LAST, id DESC
                 LIMIT %s
                """,
                self.account.id,
                condition,
                limit,
            )
        )

    def _carry(self, new, old):
        """Who decides over it, if a person said so; what is not to be linked; its
        exceptions."""
        values = {
            f"{what}_master": old[f"{what}_master"]
            for what in ("stock", "price")
            if old[f"{what}_by_hand"]
        }
        if not old.product_id:
            values |= {"ignored": old.ignored, "link_by_hand": old.link_by_hand}
        if values:
            new.write(values)
        # sudo: exceptions are for managers, who made these
        Override = self.env["ebay.override"].sudo()
        for override in Override.search([("listing_id", "=", old.id)]):
            override.copy({"listing_id": new.id})
