import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ...mapping.listings.link_file import (
    IGNORE,
    LinkFileError,
    read_links,
    write_links,
)
from ...models.engine.ebay_access_mixin import USER

AT_ONCE = 1000
SHOWN = 50


class EbayLinkFile(models.TransientModel):
    """Links of listings to products: out as a CSV file, worked on, and in again."""

    _name = "ebay.link.file"
    _inherit = ["ebay.access.mixin"]
    _description = "eBay links as a file"
    _people_set = {USER: "account_id only_unlinked content filename"}

    account_id = fields.Many2one(
        "ebay.account",
        required=True,
        default=lambda self: self.env["ebay.account"].search([], limit=1),
    )
    only_unlinked = fields.Boolean("Only what has no product", default=True)
    content = fields.Binary("File", attachment=False)
    filename = fields.Char()
    result = fields.Text(readonly=True)

    # -- out ---------------------------------------------------------------------

    def action_export(self):
        """Button: make the file, and show it for downloading."""
        self.ensure_one()
        self.account_id.check_access("read")
        domain = [("account_id", "=", self.account_id.id)]
        if self.only_unlinked:
            domain += [("product_id", "=", False), ("ignored", "=", False)]
        listings = self.env["ebay.listing"].search(domain)
        content = write_links(self._rows(listings), self._delimiter())
        self.content = base64.b64encode(content)
        self.filename = "ebay_links.csv"
        self._say(self.env._("%(count)s listings.", count=len(listings)))
        return self._again()

    def _delimiter(self):
        """What a spreadsheet in this language parts cells by."""
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return ";" if language.decimal_point == "," else ","

    def _rows(self, listings):
        for ids in split_every(AT_ONCE, listings.ids):
            yield from map(self._row, listings.browse(ids))
            self.env.invalidate_all()  # the memory stays that of one slice

    def _row(self, row):
        return {
            "item_id": row.listing_ref,
            "variation": row.variation_ref,
            "sku": row.sku,
            "title": row.display_name,
            "price": f"{row.price:.2f} {row.currency_id.name or ''}".strip(),
            "quantity": row.quantity,
            "product": _shown(row),
            "suggestion": _named(row.suggested_product_id),
            "score": row.suggestion_score or "",
        }

    # -- in ----------------------------------------------------------------------

    def action_import(self):
        """Button: link as the file says; what cannot be done is listed by line."""
        self.ensure_one()
        if not self.content:
            raise UserError(self.env._("Choose the file first."))
        self.account_id.check_access("read")
        listings = self.env["ebay.listing"]
        listings.check_access("write")
        try:
            content = base64.b64decode(self.content)
            lines = list(read_links(content, self.env.lang or ""))
        except LinkFileError as error:
            raise UserError(self._fault(str(error))) from error
        done, faults, seen = 0, [], {}
        for some in split_every(AT_ONCE, lines):
            changed, wrong = self._import(some, seen)
            done += changed
            faults += wrong
            self.env.invalidate_all()
        told = [self.env._("%(count)s listings were changed.", count=done)]
        told += faults[:SHOWN]
        if len(faults) > SHOWN:
            told.append(
                self.env._("... and %(count)s more.", count=len(faults) - SHOWN)
            )
        self._say("\n".join(told))
        return self._again()

    def _import(self, lines, seen):
        """One slice; ``seen`` are the products by listing of the slices before it."""
        rows = self._listings_of(lines)
        products = self._products_of({line.product for line in lines})
        faults, wanted = [], {}
        for line in lines:
            if not line.product:
                continue
            named = _of_line(line, rows.get(line.listing_ref, []))
            found = products.get(line.product, [])
            if len(named) == 1 and _shown(named[0]) == line.product:
                continue
            if fault := self._fault_of(line, named, found, seen):
                faults.append(self.env._("Line %s:", line.number) + f" {fault}")
                continue
            wanted[named[0]] = found[0] if line.product != IGNORE else None
            seen[named[0].id] = line.product
        return self._write(wanted), faults

    def _fault_of(self, line, listings, found, seen):
        """Why a line cannot be done, or None."""
        if line.cut_short:
            return self.env._(
                "the spreadsheet has shortened a long number. Format the column "
                "as text."
            )
        if not listings:
            return self.env._("there is no such listing.")
        if len(listings) > 1:
            return self.env._(
                "there are several listings: specify the variation or the SKU."
            )
        if seen.get(listings[0].id, line.product) != line.product:
            return self.env._("an earlier line gives the listing another product.")
        if line.product != IGNORE and len(found) != 1:
            return self._product_fault(line.product[:80], found)
        return None

    def _write(self, wanted):
        """Write what differs; returns how many listings did."""
        ignored = [r.id for r, one in wanted.items() if not one and not r.ignored]
        linked = {r.id: one for r, one in wanted.items() if one and r.product_id != one}
        listings = self.env["ebay.listing"]
        listings.browse(ignored).action_ignore()
        listings.browse(linked)._link_each(
            [(product.id, "file", 100) for product in linked.values()]
        )
        return len(ignored) + len(linked)

    def _listings_of(self, lines):
        found = self.env["ebay.listing"].search(
            [
                ("account_id", "=", self.account_id.id),
                ("listing_ref", "in", list({line.listing_ref for line in lines})),
            ]
        )
        return found.grouped("listing_ref")

    def _products_of(self, names):
        """``{name: [products]}``: by internal reference, else barcode, else #id."""
        usable = [("company_id", "in", (self.account_id.company_id.id, False))]
        Product = self.env["product.product"]
        found = {}
        for field in ("barcode", "default_code"):  # the second one wins
            by_value = {}
            for product in Product.search([*usable, (field, "in", list(names))]):
                by_value.setdefault(product[field], []).append(product)
            found.update(by_value)
        ids = [int(name[1:]) for name in names if _is_id(name)]
        for product in Product.search([*usable, ("id", "in", ids)]):
            found[f"#{product.id}"] = [product]
        return found

    def _product_fault(self, name, found):
        if found:
            return self.env._(
                "several products are named %(name)s: %(ids)s.",
                name=name,
                ids=", ".join(f"#{product.id}" for product in found),
            )
        return self.env._("no product is named %(name)s.", name=name)

    @api.model
    def _fault(self, code):
        return {
            "too_large": self.env._("The file is larger than 20 MB."),
            "too_long": self.env._("The file has more than 200,000 lines."),
            "no_columns": self.env._(
                "The first line of the file must name the columns item_id and product."
            ),
        }.get(
            code,
            self.env._(
                "This is not a CSV file. Save the table as CSV in the spreadsheet."
            ),
        )

    def _say(self, text):
        self.check_access("write")
        self.sudo().result = text  # sudo: what came of it is not the person's to write

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Links as a file"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


def _of_line(line, listings):
    """The listings that a line may mean; what it does not say is not compared."""
    fitting = [
        row
        for row in listings
        if line.variation_ref in ("", row.variation_ref)
        and line.sku in ("", row.sku or "")
    ]
    exact = [
        row
        for row in fitting
        if (line.variation_ref, line.sku) == (row.variation_ref, row.sku or "")
    ]
    return exact or fitting


def _shown(row):
    """What the file says of a listing."""
    return IGNORE if row.ignored else _named(row.product_id)


def _named(product):
    """A product as the file names it."""
    if not product:
        return ""
    return product.default_code or product.barcode or f"#{product.id}"


def _is_id(name):
    return name.startswith("#") and name[1:].isdecimal() and len(name) < 10
