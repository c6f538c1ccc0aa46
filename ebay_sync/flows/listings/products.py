"""Products created from listings: template, variants, category, tax, picture."""

import base64
import logging

from PIL.Image import DecompressionBombError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import escape_psql

from ...compat import CONCURRENCY
from ...ebay_api.errors import EbayError
from ...ebay_api.pictures import fetch_picture
from ...models.engine.ebay_access_mixin import MANAGER
from ..engine.wishes import Wishes
from .category_mirror import CategoryMirror

_logger = logging.getLogger(__name__)


class ProductMaker:
    """Creates the products that were requested from one account's listings."""

    def __init__(self, run):
        self.run = run
        self.account = run.account
        # sudo: products are for product managers; a person with the right to work on
        # listings has pressed the button, the robot only carries it out
        self.env = run.env(su=True)
        self.mirror = CategoryMirror(run.account)
        self._values_found = {}

    def make_wanted(self):
        """Create them listing by listing; a failure affects only its listing."""
        wanted = self.run.env["ebay.listing"].search(
            [
                ("account_id", "=", self.account.id),
                ("product_wanted", "=", True),
                ("details_wanted", "=", False),
            ],
            order="id",
        )
        if self.run.more:
            return
        lawful = Wishes(self.run, MANAGER).standing(wanted, "product_wanted_uid")
        (wanted - lawful).product_wanted = False
        for rows in list(lawful.grouped("listing_ref").values()):
            self._make_one(rows)
            if not self.run.save(1):
                self.run.more = True
                return

    def _make_one(self, rows):
        with self.run.record(rows[:1], savepoint=True) as tried:
            self._link_twins(rows)
        left = rows.filtered(lambda row: not row.product_id)
        if left and not tried.error:
            picture = self._fetch_picture(left)
            with self.run.record(rows[:1], savepoint=True) as tried:
                self._make(left, picture)
        rows.product_wanted = False
        if tried.error:
            self.run.env["ebay.issue"]._raise(
                self.account,
                "product_not_created",
                record=rows[:1],
                listing=rows[:1].title or rows[:1].listing_ref,
                reason=str(tried.error) if isinstance(tried.error, UserError) else "-",
            )

    def _link_twins(self, rows):
        """One SKU on two marketplaces is one product, made from the first listing."""
        for row in rows.filtered(lambda row: row.sku and not row.product_id):
            twin = row.with_context(active_test=False).search(
                [
                    ("account_id", "=", self.account.id),
                    ("sku", "=", row.sku),
                    ("link_method", "=", "created"),
                    ("product_id", "!=", False),
                ],
                limit=1,
            )
            if twin:
                row._link(twin.product_id, "sku")

    def _make(self, rows, picture):
        self._values_found = {}  # what was created for a listing that failed is gone
        self._refuse_known_codes(rows)
        sisters = self._sisters(rows)
        template = sisters.product_id.product_tmpl_id.with_env(self.env)[:1]
        if template:
            self._add_values(template, rows)
        else:
            template = self._create_template(rows)
            template.list_price = self._list_price(template, rows)
        taken = sisters.filtered("active").product_id.with_env(self.env)
        for row in rows:
            varies = bool(row.variation_aspects)
            product = (
                self._variant(template, row) if varies else template.product_variant_id
            )
            if product in taken:
                raise UserError(
                    self.env._(
                        "Two variations are identical: %(name)s.",
                        name=row.variation_name,
                    )
                )
            taken |= product
            self._set_codes(product, row)
            row._link(product.with_env(row.env), "created")
            self.run.counts["created"] += 1
            self.run.line("created", product)
        if picture and not template.image_1920:
            self._put_picture(template, picture)

    def _create_template(self, rows):
        first = rows[:1]
        category = self.mirror.find(first)
        taxes = self.account.new_product_tax_ids
        varies = bool(first.variation_aspects)
        return self.env["product.template"].create(
            {
                "name": first.title or first.listing_ref,
                "type": "consu",
                "is_storable": True,
                "company_id": self.account.company_id.id,
                "list_price": 0.0,
                **({"categ_id": category.id} if category else {}),
                **({"taxes_id": [Command.set(taxes.ids)]} if taxes else {}),
                **({"attribute_line_ids": self._lines(rows)} if varies else {}),
            }
        )

    def _refuse_known_codes(self, rows):
        """A product that already has the SKU is to be linked, not created again."""
        codes = [sku for sku in rows.mapped("sku") if sku]
        known = (
            self.env["product.product"]
            .with_context(active_test=False)
            .search(
                [
                    ("default_code", "in", codes),
                    ("company_id", "in", (self.account.company_id.id, False)),
                ],
                order="active DESC",
                limit=1,
            )
        )
        if known and not known.active:
            raise UserError(
                self.env._(
                    "An archived product has the SKU %(sku)s.", sku=known.default_code
                )
            )
        if known:
            raise UserError(
                self.env._("A product has the SKU %(sku)s.", sku=known.default_code)
            )

    # -- variants ----------------------------------------------------------------

    def _lines(self, rows):
        """Attribute lines with every value that one of the variations has."""
        return [
            Command.create(
                {"attribute_id": attribute.id, "value_ids": [Command.set(values.ids)]}
            )
            for attribute, values in self._values_of(rows).items()
        ]

    def _values_of(self, rows):
        """``{attribute: its values}`` of the variations."""
        values = {}
        for row in rows:
            for name, text in row.variation_aspects:
                value = self._value(name, text)
                attribute = value.attribute_id
                values[attribute] = values.get(attribute, value) | value
        return values

    def _sisters(self, rows):
        """The listing's other variations of which a product was made."""
        return rows.with_context(active_test=False).search(
            [
                ("account_id", "=", self.account.id),
                ("listing_ref", "=", rows[:1].listing_ref),
                ("is_variation", "=", True),
                ("link_method", "=", "created"),
                ("product_id", "!=", False),
            ]
        )

    def _add_values(self, template, rows):
        """Variations added to the listing later bring new values."""
        lines = template.attribute_line_ids.grouped("attribute_id")
        for attribute, values in self._values_of(rows).items():
            if attribute not in lines:
                raise UserError(
                    self.env._(
                        "%(product)s has no attribute %(name)s.",
                        product=template.display_name,
                        name=attribute.name,
                    )
                )
            new = values - lines[attribute].value_ids
            if new:
                lines[attribute].value_ids = [Command.link(one.id) for one in new]

    def _attribute(self, name):
        """The attribute of that name that creates only the wanted variants."""
        Attribute = self.env["product.attribute"]
        same = [
            ("name", "=ilike", escape_psql(name)),
            ("create_variant", "=", "dynamic"),
        ]
        return Attribute.search(same, limit=1) or Attribute.create(
            {"name": name, "create_variant": "dynamic"}
        )

    def _value(self, name, text):
        """The value of that name, whatever its case."""
        found = self._values_found.get((name, text))
        if not found:
            attribute = self._attribute(name)
            found = attribute.value_ids.filtered(
                lambda one: one.name.casefold() == text.casefold()
            )[:1]
            found = found or found.create({"name": text, "attribute_id": attribute.id})
            self._values_found[name, text] = found
        return found

    def _variant(self, template, row):
        wanted = [self._value(name, text) for name, text in row.variation_aspects]
        chosen = template.attribute_line_ids.product_template_value_ids.filtered(
            lambda one: one.product_attribute_value_id in wanted
        )
        variant = template._create_product_variant(chosen)
        if not variant:
            raise UserError(
                self.env._(
                    "The variation %(name)s cannot become a variant.",
                    name=row.variation_name,
                )
            )
        return variant

    # -- values ------------------------------------------------------------------

    def _set_codes(self, product, row):
        """Codes and weight of a new variant; an existing one keeps its own."""
        if product.default_code:
            return
        values = {"default_code": row.sku or False}
        if row.weight:
            values["weight"] = row.weight
        product.write(values)
        if not row.barcode:
            return
        try:
            with self.env.cr.savepoint():
                product.barcode = row.barcode
        except ValidationError:
            product.invalidate_recordset(["barcode"])  # another product has it

    def _list_price(self, template, rows):
        """eBay's lowest price in the company's currency, less tax where Odoo adds it.

        Nothing where there is no rate: an invented price is worse than none.
        """
        price = min(rows.mapped("price"))
        currency, own = rows[:1].currency_id, self.account.company_id.currency_id
        if currency != own:
            if not (currency and currency.rate_ids):
                return 0.0
            price = currency._convert(
                price, own, self.account.company_id, fields.Date.today(), round=False
            )
        taxes = template.taxes_id._filter_taxes_by_company(self.account.company_id)
        if taxes and not all(tax.price_include for tax in taxes):
            parts = taxes.with_context(force_price_include=True).compute_all(
                price, currency=own, handle_price_include=True
            )
            price = parts["total_excluded"]
        return price

    # -- picture -----------------------------------------------------------------

    def _fetch_picture(self, rows):
        """eBay's first picture, or None; the product is also created without one."""
        url = rows._picture_address()
        if not (url and self.account.new_product_pictures):
            return None
        hosts = self.account._hosts()
        try:
            return fetch_picture(self.run.client.transport, hosts, url)
        except EbayError as error:
            self._no_picture(rows[:1], error)
        return None

    def _put_picture(self, template, content):
        try:
            with self.env.cr.savepoint():
                template.image_1920 = base64.b64encode(content)
                self.env.flush_all()
        except CONCURRENCY:
            raise
        except (UserError, ValueError, OSError, DecompressionBombError) as error:
            self._no_picture(template, error)

    def _no_picture(self, record, error):
        _logger.info("No picture for %s %s: %s", record._name, record.id, error)
        self.run.line(
            "failed",
            record,
            message=self.env._("The product has no picture: eBay's could not be used."),
        )
