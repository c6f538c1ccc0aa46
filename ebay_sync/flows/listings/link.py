"""Listings are matched with products: equal identifiers link, the rest is suggested.

In every run the unlinked listings are compared with the products that have one of
their SKUs or barcodes; those not compared with all products yet are, by title too.
Nothing is searched listing by listing.
"""

from itertools import chain

from odoo import fields
from odoo.tools import SQL, split_every

from ...mapping.listings.matching import (
    Matcher,
    Product,
    Rule,
    Wanted,
    values_of,
)
from ...rows import insert_rows, update_rows
from ..engine.run import LONGEST_TRANSACTION
from .relist import Relisted

AT_ONCE = 2_000
COMPARED = [
    "sku",
    "barcode",
    "title",
    "variation_aspects",
    "item_specifics",
    "link_by_hand",
]
BEST = ("suggested_product_id", "suggestion_score")


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
        """Link what can be linked, suggest for the rest, show contradictions."""
        if not self.rules or self.run.more:
            return
        began = fields.Datetime.now()
        if self._has_news():
            last = self.account.links_checked_at
            relisted = Relisted(self.run)
            relisted.carry_over()
            self._by_identifiers()
            if self.run.more:
                return
            relisted.carry_over(by_rules=True)
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
        domain = [*self._mine_unlinked(), *more]
        return self.Listing.search(domain, order="id", limit=limit)

    def _mine_unlinked(self):
        return [
            ("account_id", "=", self.account.id),
            ("product_id", "=", False),
            ("ignored", "=", False),
        ]

    # -- two passes --------------------------------------------------------------

    def _by_identifiers(self):
        """Only products with one of the SKUs or barcodes can match strongly.

        When the time is up the next run continues; what is linked is not asked again.
        """
        for ids in split_every(AT_ONCE, self._with_an_identifier()):
            rows = self._read(ids)
            matcher = Matcher(self._with_identifiers_of(rows), self.rules, False)
            linked = self._apply(self._decide(matcher, rows))
            if not self.run.save(linked) and linked:
                self.run.more = True
                return

    def _with_an_identifier(self):
        """Ids of the unlinked listings of which a product has the SKU or a barcode."""
        self.Listing.flush_model()
        self.Product.flush_model(["default_code", "barcode"])
        wanted = self.Listing._search(self._mine_unlinked())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id FROM ebay_listing l
                 WHERE l.id IN (%(wanted)s)
                   AND (EXISTS (SELECT 1 FROM product_product p
                                 WHERE p.default_code = l.sku)
                        OR EXISTS (SELECT 1 FROM product_product p
                                    WHERE p.barcode IN (l.sku, %(barcodes)s)))
              ORDER BY l.id
                """,
                wanted=wanted.subselect(),
                barcodes=SQL(
                    "l.barcode, ltrim(l.barcode, '0'), "
                    "lpad(l.barcode, greatest(13, length(l.barcode)), '0')"
                ),
            )
        )
        return [row[0] for row in rows]

    def _read(self, ids):
        """Listings with just what the comparison needs: there may be very many."""
        rows = self.Listing.browse(ids)
        rows.fetch(COMPARED)
        return rows

    def _decide(self, matcher, rows):
        wanted = {row.id: _wanted(row) for row in rows}
        decisions = {key: matcher.decide(one) for key, one in wanted.items()}
        decisions = self.env["ebay.hook.listings"]._prepare_link_decisions(
            decisions, wanted=wanted, account=self.account
        )
        return [(row, decisions[row.id]) for row in rows]

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
        """Compare with all products whatever has not been compared with all yet."""
        created = self._new_products((last or began) - LONGEST_TRANSACTION)
        if created:
            self.account.links_product_refs = created.ids
        if created and last:  # a run that was cut short is continued
            again = self._unlinked(("link_checked_at", "!=", False))
            update_rows(again, link_checked_at=False)
        unchecked = self._unlinked(("link_checked_at", "=", False)).ids
        left = len(unchecked)
        matcher = Matcher(self._all_products(), self.rules) if left else None
        for ids in split_every(AT_ONCE, unchecked):
            rows = self._read(ids)
            decisions = self._decide(matcher, rows)
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
        """Every product that can be sold here, read a piece at a time."""
        fields_read = ["default_code", "barcode", "name", "combination_indices"]
        self.env["product.template"].flush_model(["name"])
        self.Product.flush_model(fields_read)
        usable = self.Product._search(self.usable).subselect()
        last = 0
        while rows := self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.default_code, p.barcode,
                       COALESCE(t.name ->> %(lang)s, t.name ->> 'en_US'),
                       CASE WHEN p.combination_indices <> '' THEN ARRAY(
                           SELECT COALESCE(v.name ->> %(lang)s, v.name ->> 'en_US')
                             FROM product_variant_combination c
                             JOIN product_template_attribute_value tv
                               ON tv.id = c.product_template_attribute_value_id
                             JOIN product_attribute_value v
                               ON v.id = tv.product_attribute_value_id
                            WHERE c.product_product_id = p.id) END
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE p.id > %(last)s AND p.id IN (%(usable)s)
              ORDER BY p.id LIMIT %(most)s
                """,
                lang=self.Product.env.lang or "en_US",
                last=last,
                usable=usable,
                most=AT_ONCE,
            )
        ):
            for key, code, barcode, name, values in rows:
                yield Product(
                    key, code or "", barcode or "", name or "", values_of(values or ())
                )
            last = rows[-1][0]

    # -- results -----------------------------------------------------------------

    def _apply(self, decisions):
        """Link, log, release the waiting orders; returns how many were linked."""
        decisions = [(row, one) for row, one in decisions if one.product]
        if not decisions:
            return 0
        rows = self.Listing.browse(row.id for row, _one in decisions)
        rows._link_each([(one.product, one.method, one.score) for _r, one in decisions])
        self.run.counts["updated"] += len(rows)
        products = rows.product_id
        products.fetch(["default_code", "name"])
        names = {product.id: _named(product) for product in products}
        self.run.lines(
            "updated",
            rows,
            [{"product_id": [False, names[one.product]]} for _row, one in decisions],
        )
        return len(rows)

    def _suggest(self, decisions):
        """Store the suggestions that differ from the stored ones."""
        rows = self.Listing.browse(row.id for row, _decision in decisions)
        update_rows(rows, link_checked_at=fields.Datetime.now())
        # sudo: suggestions are nobody's to write by hand
        Suggestion = self.env["ebay.listing.suggestion"].sudo()
        stored = {}
        for old in Suggestion.search([("listing_id", "in", rows.ids)]):
            stored.setdefault(old.listing_id.id, Suggestion)
            stored[old.listing_id.id] += old
        new, outdated = [], Suggestion
        for row, decision in decisions:
            wanted = [
                (one.product, one.score, ",".join(one.evidence))
                for one in decision.suggestions
            ]
            known = stored.get(row.id, Suggestion)
            if wanted != [(o.product_id.id, o.score, o.evidence) for o in known]:
                outdated += known
                new += [(row.id, *one) for one in wanted]
        outdated.unlink()
        if new:
            names = ("listing_id", "product_id", "score", "evidence")
            columns = map(list, zip(*new, strict=True))
            company = self.account.company_id.id
            insert_rows(
                Suggestion,
                company_id=company,
                **dict(zip(names, columns, strict=True)),
            )
        self._show_best(rows, [decision for _row, decision in decisions])

    def _show_best(self, rows, decisions):
        """Let each listing show its first suggestion and its contradiction."""
        rows.fetch([*BEST, "conflict"])
        changed, values = [], []
        for row, decision in zip(rows, decisions, strict=True):
            best = decision.suggestions[0] if decision.suggestions else None
            conflict = None if row.conflict == "evidence" else row.conflict
            new = (
                best.product if best else None,
                best.score if best else 0,
                "evidence" if decision.conflict else conflict or None,
            )
            old = row.suggested_product_id.id or None, row.suggestion_score
            if new != (*old, row.conflict or None):
                changed.append(row.id)
                values.append(new)
        if changed:
            columns = map(list, zip(*values, strict=True))
            update_rows(
                rows.browse(changed),
                **dict(zip((*BEST, "conflict"), columns, strict=True)),
            )

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
        values_of(chain.from_iterable((row.item_specifics or {}).values())),
    )


def _named(product):
    """A product as the log names it; its full name is slow to compute for thousands."""
    code = f"[{product.default_code}] " if product.default_code else ""
    return f"{code}{product.name}"
