"""A listing that comes back under another item id keeps what people decided.

eBay gives a relisted item a new id. The same SKU is not enough to know it again: many
sellers use one for whatever lies on a shelf. With the same title it is the same thing.
"""

from odoo.tools import SQL

BY_THE_RULES = ("sku", "barcode", "sku_barcode", "title")


class Relisted:
    """Finds the ended listing that each new one of an account was."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.Listing = self.env["ebay.listing"]

    def carry_over(self, by_rules=False):
        """Let new listings be what people made of the old ones; returns how many.

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
        return len(pairs)

    def _pairs(self):
        """(new listing, the latest ended one of its SKU and title) where decided on."""
        self.Listing.flush_model()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (new.id) new.id, old.id
                  FROM ebay_listing new
                  JOIN ebay_listing old
                    ON old.account_id = new.account_id AND old.sku = new.sku
                       AND NOT old.active AND old.listing_ref <> new.listing_ref
                       AND lower(old.title) = lower(new.title)
                       AND old.marketplace_id IS NOT DISTINCT FROM new.marketplace_id
                       AND (old.product_id IS NOT NULL OR old.ignored
                            OR old.link_by_hand)
                 WHERE new.account_id = %s AND new.active AND new.sku <> ''
                   AND new.product_id IS NULL AND new.link_checked_at IS NULL
                   AND NOT COALESCE(new.ignored, FALSE)
                   AND NOT COALESCE(new.link_by_hand, FALSE)
              ORDER BY new.id, old.ended_at DESC NULLS LAST, old.id DESC
                """,
                self.account.id,
            )
        )
        return [
            (self.Listing.browse(new), self.Listing.browse(old)) for new, old in found
        ]

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
