"""The lines of a sale order: goods, shipping, discounts, and what rounds them off."""

from decimal import Decimal

from ..compat import SOL_UOM

# Amounts of an order that are lines of their own, with the account's product for them.
EXTRAS = ("adjustment", "tax", "fee")


class LineDesk:
    """Makes the line values of a batch of orders."""

    def __init__(self, book):
        self.book = book
        self.env = book.env
        self.account = book.account

    def serve(self, plan):
        """Fill ``plan.line_values``; a line without a product blocks the order."""
        remitted = bool(plan.order.remitted_taxes)
        home = plan.invoice_partner if plan.order.fulfillment.hub else None
        position = self.book.position(
            plan.invoice_partner, home or plan.delivery_partner, remitted
        )
        plan.position = position
        values = [self._goods(plan, line, position) for line in plan.order.lines]
        values += self._shipping(plan, position)
        values += self._discounts(plan, position)
        values += self._extras(plan)
        plan.line_values = [
            {"sequence": 10 + number, **line}
            for number, line in enumerate(values)
            if line
        ]

    def _goods(self, plan, line, position):
        product = self.book.product(line) or self._stand_in(plan, line)
        if not product:
            plan.block(
                "product_missing",
                line.sku or line.listing_ref or line.line_item_ref,
                sku=line.sku or "–",
                title=line.title or "–",
                listing_ref=line.listing_ref or "–",
                variation_ref=line.variation_ref or "",
            )
            return None
        name = line.title or product.display_name
        if line.variation_aspects:
            name += "\n" + ", ".join(": ".join(pair) for pair in line.variation_aspects)
        price = line.unit_price
        return {
            **self._line(product, line.quantity, price, name, position),
            "ebay_line_ref": line.line_item_ref,
            "ebay_remitted_tax": _remitted_text(line) or False,
        }

    def _stand_in(self, plan, line):
        rule = self.account.unknown_sku_rule
        if rule == "placeholder":
            plan.remark("placeholder_used", line.sku or line.listing_ref, sku=line.sku)
            return self.account.placeholder_product_id
        if rule == "create":
            return self._created(line)
        return None

    def _created(self, line):
        # sudo: products are for people to make, except by this rule
        return (
            self.env["product.product"]
            .sudo()
            .create(
                {
                    "name": line.title or line.sku or line.listing_ref,
                    "default_code": line.sku or False,
                    "type": "consu",
                    "is_storable": True,
                    "list_price": float(line.unit_price),
                    "company_id": self.book.company.id,
                }
            )
        )

    def _shipping(self, plan, position):
        product = self.account.shipping_product_id
        return [
            self._line(
                product, 1, one.amount, one.service_code, position, "is_delivery"
            )
            for one in plan.order.shipping
            if one.amount
        ]

    def _discounts(self, plan, position):
        return [
            self._line(
                self.account.discount_product_id,
                1,
                discount.amount,
                discount.description,
                position,
            )
            for discount in plan.order.discounts
        ]

    def _extras(self, plan):
        order = plan.order
        amounts = {name: getattr(order.totals, name) for name in EXTRAS}
        amounts["rounding"] = sum((line.rounding for line in order.lines), Decimal(0))
        labels = {
            "adjustment": self.env._("Adjustment by eBay"),
            "tax": self.env._("Tax charged on eBay"),
            "fee": self.env._("Fee charged on eBay"),
            "rounding": self.env._("Rounding of unit prices"),
        }
        nothing = self.env["account.fiscal.position"]
        product = self.account.rounding_product_id
        return [
            {
                **self._line(product, 1, amount, labels[name], nothing),
                **self.book.tax_values(self.env["account.tax"]),
            }
            for name, amount in amounts.items()
            if amount
        ]

    def _line(self, product, quantity, price, name, position, flag=None):
        taxes = self.book.taxes(product, position)
        price = float(price)
        if taxes and not all(tax.price_include for tax in taxes):
            price = self._without_tax(taxes, product, price)
        values = {
            "product_id": product.id,
            "name": name or product.display_name,
            "product_uom_qty": quantity,
            SOL_UOM: product.uom_id.id,
            "price_unit": price,
            # a price that is not Odoo's own: kept when a quantity changes
            "technical_price_unit": 0.0,
            "discount": 0.0,
            **self.book.tax_values(taxes),
        }
        if flag:
            values[flag] = True
        return values

    def _without_tax(self, taxes, product, gross):
        """eBay's prices contain tax; these taxes are added on top: take them out."""
        parts = taxes.with_context(force_price_include=True).compute_all(
            gross, product=product, handle_price_include=True
        )
        return parts["total_excluded"]


def _remitted_text(line):
    return ", ".join(
        " ".join(
            part
            for part in (tax.kind, str(tax.amount), tax.reference_name, tax.reference)
            if part
        )
        for tax in line.taxes.remitted
    )
