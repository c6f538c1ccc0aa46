"""Listings find their products: equal identifiers link, everything else is suggested.

In every run the unlinked listings are compared with the products that have one of
their SKUs or barcodes; those not compared with all products yet are, by title too.
Nothing is searched listing by listing.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import split_every

from ..mapping.matching import (
    Matcher,
    Product,
    Rule,
    Wanted,
    values_of,
)

AT_ONCE = 2_000
COMPARED = ["sku", "barcode", "title", "variation_aspects", "link_by_hand"]
# A product carries the time at which its transaction began, and is seen when it ended.
LONGEST_TRANSACTION = timedelta(minutes=15)
PRODUCTS_AT_ONCE = 10_000


class ListingLinker:
    """Links one account's listings."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.account = run.account
        self.Listing = self.env["ebay.listing"]
        company = self.account.company_id
        language = company.partner_id.lang or self.env.lang
        self.Product = self.env["product.product"].with_context(lang=language)
        self.usable = [("company_id", "in", (company.id, False))]
        self.rules = [
            Rule(rule.evidence, rule.automatic) for rule in self.account.link_rule_ids
        ]

    def link(self):
        """Link what can be linked, suggest for the rest, show what contradicts."""
        if not self.rules or self.run.more:
            return
        began = fields.Datetime.now()
        if self._has_news():
            last = self.account.links_checked_at
            self._by_identifiers(self._unlinked())
            self.account.links_checked_at = began
            self._by_everything(began, last)
        self._show_conflicts()
        self.run.save()

    def _has_news(self):
        """Whether a listing or a product is new since everything was compared."""
        last = self.account.links_checked_at
        if not last:
            return True
        since = last - LONGEST_TRANSACTION
        return self._unlinked(
            ("link_checked_at", "=", False), limit=1
        ) or self.Product.search([*self.usable, ("write_date", ">=", since)], limit=1)

    def _unlinked(self, *more, limit=None):
        return self.Listing.search(
            [
                ("account_id", "=", self.account.id),
                ("product_id", "=", False),
                ("ignored", "=", False),
                *more,
            ],
            order="id",
            limit=limit,
        )

    # -- two passes --------------------------------------------------------------

    def _by_identifiers(self, listings):
        """Only products with one of the SKUs or barcodes can match strongly.

        Seconds for any number of listings, so it is not cut into slices.
        """
        for ids in split_every(AT_ONCE, listings.ids):
            rows = self._read(ids)
            matcher = Matcher(self._with_identifiers_of(rows), self.rules, False)
            decisions = [(row, matcher.decide(_wanted(row))) for row in rows]
            self._apply(decisions)
            self.run.save()

    def _read(self, ids):
        """Listings with just what the comparison needs: there may be very many."""
        rows = self.Listing.browse(ids)
        rows.fetch(COMPARED)
        return rows

    def _with_identifiers_of(self, rows):
        skus = [sku for sku in rows.mapped("sku") if sku]
        barcodes = [code for code in rows.mapped("barcode") if code]
        wide = [*skus, *barcodes, *(code.lstrip("0") for code in barcodes)]
        wide += [code.zfill(13) for code in barcodes]
        found = self.Product.search_fetch(
            [
                *self.usable,
                "|",
                ("default_code", "in", skus),
                ("barcode", "in", wide),
            ],
            ["default_code", "barcode"],
        )
        return [
            Product(product.id, product.default_code or "", product.barcode or "")
            for product in found
        ]

    def _by_everything(self, began, last):
        """Compare with all products what was not compared with all of them yet."""
        created = self._new_products((last or began) - LONGEST_TRANSACTION)
        if created:
            self.account.links_product_refs = created.ids
        if created and last:  # a run that is cut short goes on
            self._unlinked(("link_checked_at", "!=", False)).link_checked_at = False
        unchecked = self._unlinked(("link_checked_at", "=", False))
        left = len(unchecked)
        matcher = Matcher(self._all_products(), self.rules) if left else None
        for ids in split_every(AT_ONCE, unchecked.ids):
            rows = self._read(ids)
            decisions = [(row, matcher.decide(_wanted(row))) for row in rows]
            self._apply(decisions)
            self._suggest([(row, one) for row, one in decisions if not one.product])
            left -= len(rows)
            if not self.run.save(len(rows)) and left:
                self.run.more = True
                return

    def _new_products(self, since):
        """Products of that time, when one of them was not seen before."""
        created = self.Product.search([*self.usable, ("create_date", ">=", since)])
        seen = self.account.links_product_refs or []
        return created if set(created.ids) - set(seen) else self.Product

    def _all_products(self):
        ids = self.Product.search(self.usable).ids
        found = []
        for some in split_every(PRODUCTS_AT_ONCE, ids):
            products = self.Product.browse(some)
            products.fetch(["default_code", "barcode", "name", "combination_indices"])
            values = "product_template_attribute_value_ids"
            products.filtered("combination_indices").mapped(f"{values}.name")
            found += [
                Product(
                    product.id,
                    product.default_code or "",
                    product.barcode or "",
                    product.name or "",
                    values_of(product[values].mapped("name"))
                    if product.combination_indices
                    else frozenset(),
                )
                for product in products
            ]
            products.invalidate_recordset()
        return found

    # -- results -----------------------------------------------------------------

    def _apply(self, decisions):
        """Link, log, and let the orders go on that waited."""
        decisions = [(row, one) for row, one in decisions if one.product]
        if not decisions:
            return
        products = self.Product.browse(one.product for _row, one in decisions)
        products.mapped("company_id")  # read at once, for the check of each link
        linked = self.Listing
        for row, decision in decisions:
            values = self.Listing._link_values(
                decision.product, decision.method, decision.score
            )
            row.write({**values, "conflict": False})
            linked += row
        self.run.counts["updated"] += len(linked)
        names = {product.id: product.display_name for product in products}
        # sudo: the log is nobody's to write by hand
        self.env["ebay.sync.log.line"].sudo().create(
            [
                {
                    "log_id": self.run.log_sudo.id,
                    "action": "updated",
                    "res_model": row._name,
                    "res_id": row.id,
                    "changes": {"product_id": [False, names[row.product_id.id]]},
                }
                for row in linked
            ]
        )
        linked._after_linking()

    def _suggest(self, decisions):
        """Store the suggestions that differ from the stored ones."""
        now = fields.Datetime.now()
        rows = self.Listing.browse(row.id for row, _decision in decisions)
        rows.link_checked_at = now
        stored = {}
        for old in rows.suggestion_ids:
            stored.setdefault(old.listing_id, []).append(
                (old.product_id.id, old.score, old.evidence)
            )
        new, outdated = [], self.Listing
        for row, decision in decisions:
            wanted = [
                (one.product, one.score, ",".join(one.evidence))
                for one in decision.suggestions
            ]
            if stored.get(row, []) != wanted:
                outdated |= row
                new += [(row, *one) for one in wanted]
            self._show_best(row, decision)
        # sudo: suggestions are nobody's to write by hand
        outdated.suggestion_ids.sudo().unlink()
        self.env["ebay.listing.suggestion"].sudo().create(
            [
                {
                    "listing_id": row.id,
                    "product_id": product_id,
                    "score": score,
                    "evidence": evidence,
                }
                for row, product_id, score, evidence in new
            ]
        )

    def _show_best(self, row, decision):
        best = decision.suggestions[0] if decision.suggestions else None
        values = {
            "suggested_product_id": best.product if best else False,
            "suggestion_score": best.score if best else 0,
            "conflict": "evidence" if decision.conflict else row.conflict,
        }
        if row.conflict == "evidence" and not decision.conflict:
            values["conflict"] = False
        changed = {
            name: value
            for name, value in values.items()
            if value != row._fields[name].convert_to_write(row[name], row)
        }
        if changed:
            row.write(changed)

    # -- what contradicts ----------------------------------------------------------

    def _show_conflicts(self):
        """One SKU on two listings, two listings for one product (per marketplace)."""
        twice = {
            "sku": self._twice("sku", [("sku", "!=", False)]),
            "product": self._twice("product_id", [("product_id", "!=", False)]),
        }
        mine = [("account_id", "=", self.account.id)]
        marked = self.Listing.search(
            [*mine, ("conflict", "in", ("sku", "product"))]
        ).grouped("conflict")
        wanted_product = twice["product"] - twice["sku"]
        for conflict, wanted in (("sku", twice["sku"]), ("product", wanted_product)):
            old = set(marked.get(conflict, self.Listing).ids)
            self.Listing.browse(old - twice["sku"] - twice["product"]).write(
                {"conflict": False}
            )
            self.Listing.browse(wanted - old).filtered(
                lambda row: row.conflict != "evidence"
            ).write({"conflict": conflict})

    def _twice(self, name, domain):
        groups = self.Listing._read_group(
            [
                ("account_id", "=", self.account.id),
                ("active", "=", True),
                ("ignored", "=", False),
                *domain,
            ],
            ["marketplace_id", name],
            ["id:array_agg"],
            having=[("__count", ">", 1)],
        )
        return {row_id for *_key, ids in groups for row_id in ids}


def _wanted(row):
    pairs = row.variation_aspects or []
    return Wanted(
        row.id,
        row.sku or "",
        row.barcode or "",
        row.title or "",
        values_of(value for _name, value in pairs),
        row.link_by_hand,
    )
