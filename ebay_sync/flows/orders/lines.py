"""The lines of a sale order: goods, shipping, discounts, and what rounds them off."""

from decimal import Decimal

from ...compat import SOL_TAXES, SOL_UOM
from ...mapping.orders.charged_tax import charged_tax
from ...mapping.orders.totals import LINE_DISCOUNT
from ...mapping.values.money import rounded, unit_price
from .lookups import Lookups
from .odoo_facts import LAST
from .plan import Charge
from .tax_shares import Rests, TaxShares


class LineBuilder:
    """Makes the line values of a batch of orders."""

    def __init__(self, lookups):
        self.lookups = lookups
        self.env = lookups.env
        self.account = lookups.account
        self.hooks = lookups.env["ebay.hook.orders"]
        self._nets = {}

    def serve(self, plan):
        """Fill ``plan.line_values``; a line without a product blocks the order."""
        remitted = bool(plan.order.remitted_taxes)
        # a hub or a shop where the buyer collects says nothing about taxes
        is_own = plan.order.fulfillment.buyers_own is not None
        home = None if is_own else plan.invoice_partner
        plan.position = self.lookups.position(
            plan.invoice_partner, home or plan.delivery_partner, remitted
        )
        plan.shares = TaxShares(self.env, plan.order.currency)
        plan.rests = Rests()
        self._charge(plan)
        lines = [self._goods(plan, line) for line in plan.order.lines]
        lines += self._shipping(plan)
        lines += self._discounts(plan)
        lines += self._extras(plan)
        lines += self._rests(plan)
        plan.line_values = [
            self.prepared(plan, kind, line, {"sequence": 10 + number, **values})
            for number, (kind, line, values) in enumerate(lines)
            if values
        ]

    def prepared(self, plan, kind, line, values):
        """The values of a line, after other addons have had their say."""
        return self.hooks._prepare_order_line_values(
            values, kind=kind, line=line, **plan.source
        )

    def _charge(self, plan):
        """What the seller charged as tax on eBay is a tax of Odoo's, or waits."""
        charged = charged_tax(plan.order)
        if not charged:
            return
        tax, covered = self.lookups.charged(plan.order, charged)
        plan.charge = Charge(charged, tax, covered)
        if tax or _taxed_by_hand(plan):
            return
        country = plan.order.tax_country or "-"
        plan.block(
            "tax_missing",
            f"{country} {charged.rate}",
            country=country,
            rate=str(charged.rate),
            amount=f"{charged.amount} {plan.order.currency}",
            base=f"{charged.goods} {plan.order.currency}",
        )

    def _goods(self, plan, line):
        product = self._product(plan, line)
        if not product:
            return "goods", line, None
        name = line.title or product.display_name
        if line.variation_aspects:
            name += "\n" + ", ".join(": ".join(pair) for pair in line.variation_aspects)
        taxes = plan.charge and plan.charge.on_line(line.line_item_ref)
        price, rest = line.unit_price, line.rounding
        if taxes is None:
            taxes = self.lookups.taxes(product, plan.position)
            plan.shares.add(taxes, line.subtotal + line.discount)
            price, rest = self._piece(plan, taxes, product, line)
        plan.taxes_by_line[line.line_item_ref] = taxes
        plan.rests.add(taxes, rest)
        values = {
            **self._line(product, line.quantity, price, name, taxes),
            "ebay_line_ref": line.line_item_ref,
            "ebay_part": "goods",
            "ebay_remitted_tax": _remitted_text(line) or False,
        }
        return "goods", line, values

    def _piece(self, plan, taxes, product, line):
        """The price of one piece as Odoo wants it, and what is left of the line's."""
        if not _is_on_top(taxes) or not line.quantity:
            return line.unit_price, line.rounding
        currency = plan.order.currency
        net = self._without_tax(taxes, product, line.subtotal, currency, line.quantity)
        return unit_price(net, line.quantity, currency)

    def _product(self, plan, line):
        """The product that was sold, what stands in for it, or a reason to wait."""
        found = self.lookups.products(line)
        if len(found) == 1:
            return found[0]
        if not line.quantity:  # refunded before it was sent: nobody needs its product
            return None
        rule = self.account.unknown_sku_rule
        if rule == "placeholder":
            plan.remark("placeholder_used", **_what_was_sold(line))
            return self.account.placeholder_product_id
        if rule == "create" and not found:
            return self._created(line)
        code = "product_ambiguous" if found else "product_missing"
        plan.block(code, **_what_was_sold(line))
        return None

    def _created(self, line):
        """A new product, linked at once, so that the next line finds it."""
        # sudo: products are for people to make, except by this rule
        product = (
            self.env["product.product"]
            .sudo()
            .create(
                {
                    "name": _title(line) or line.sku or line.listing_ref,
                    "default_code": line.sku or False,
                    "type": "consu",
                    "is_storable": True,
                    "list_price": float(line.unit_price),
                    "company_id": self.lookups.company.id,
                }
            )
        )
        if line.listing_ref:
            self._listing(line)._link(product, "created")
        self.lookups.look_again()
        return product

    def _listing(self, line):
        """The row of the mirror that a line names, made where there is none."""
        # sudo: listings are eBay's to make, here it is what eBay's order says
        Listing = self.env["ebay.listing"].sudo()
        names = (self.account, line.listing_ref, line.sku, line.variation_ref)
        return Listing._named_by_order(*names) or Listing._create_from_order(
            *names,
            title=line.title,
            variation_aspects=[list(pair) for pair in line.variation_aspects] or False,
        )

    def _shipping(self, plan):
        taxes = plan.charge and plan.charge.on_delivery()
        product = self.account.shipping_product_id
        lines = []
        for one in plan.order.shipping:
            if one.amount:
                lines += self._shared(
                    plan, "shipping", product, one.amount, one.service_code, taxes, one
                )
        return lines

    def _discounts(self, plan):
        product = self.account.discount_product_id
        lines = []
        for one in plan.order.discounts:
            taxes = plan.charge and plan.charge.on_discount(one)
            if taxes is None and one.kind == LINE_DISCOUNT:
                goods = plan.taxes_by_line.get(one.line_item_ref)
                rate = self._own_taxes(plan, product)
                lines += self._parts(
                    plan,
                    "discount",
                    product,
                    [(rate or goods or self.env["account.tax"], one.amount)],
                    one.description,
                    one,
                )
                continue
            lines += self._shared(
                plan, "discount", product, one.amount, one.description, taxes, one
            )
        return lines

    def _extras(self, plan):
        """What eBay adjusted, taxed like the goods; fees that the law sets, untaxed."""
        product, totals = self.account.rounding_product_id, plan.order.totals
        lines = []
        if totals.adjustment:
            name = self.env._("Adjustment by eBay")
            lines += self._shared(plan, "adjustment", product, totals.adjustment, name)
        if totals.fee:
            untaxed = [(self.env["account.tax"], totals.fee)]
            name = self.env._("Fee charged on eBay")
            lines += self._parts(plan, "fee", product, untaxed, name)
        return lines

    def _rests(self, plan):
        """What prices of one piece, rounded, leave over of the price of all."""
        product = self.account.rounding_product_id
        name = self.env._("Rounding of unit prices")
        return [
            self._part(plan, "rounding", product, taxes, amount, name)
            for taxes, amount in plan.rests.items()
        ]

    # -- taxes of what is no goods -----------------------------------------------

    def _shared(self, plan, part, product, amount, name, taxes=None, source=None):
        """Lines for an amount of eBay's: of these taxes, else by the account's rule."""
        if taxes is not None:  # charged on top on eBay, or not at all
            return [self._part(plan, part, product, taxes, amount, name, source)]
        own = self._own_taxes(plan, product)
        parts = [(own, amount)] if own else plan.shares.split(amount)
        return self._parts(plan, part, product, parts, name, source)

    def _own_taxes(self, plan, product):
        """The product's own taxes where the account says so, and it has any here."""
        if self.account.charge_tax_rule != "product":
            return self.env["account.tax"]
        return self.lookups.taxes(product, plan.position)

    def _parts(self, plan, part, product, parts, name, source=None):
        """A line for each ``(taxes, amount)``, the tax in it where Odoo adds it."""
        lines = []
        for taxes, amount in parts:
            own_name = name or product.display_name
            if len(parts) > 1 and taxes:
                own_name += f" ({', '.join(taxes.mapped('name'))})"
            if _is_on_top(taxes):
                amount = self._without_tax(taxes, product, amount, plan.order.currency)
            lines.append(
                self._part(plan, part, product, taxes, amount, own_name, source)
            )
        return lines

    def _part(self, plan, part, product, taxes, amount, name, source=None):
        """One line that is no goods; ``amount`` is what Odoo computes taxes of."""
        values = {**self._line(product, 1, amount, name, taxes), "ebay_part": part}
        if part == "shipping":
            values["is_delivery"] = True
        return part, source, values

    def _line(self, product, quantity, price, name, taxes):
        return {
            "product_id": product.id,
            "name": name or product.display_name,
            "product_uom_qty": quantity,
            SOL_UOM: product.uom_id.id,
            "price_unit": float(price),
            # a price that is not Odoo's own: kept when a quantity changes
            "technical_price_unit": 0.0,
            "discount": 0.0,
            **self.lookups.tax_values(taxes),
        }

    def _without_tax(self, taxes, product, gross, currency, quantity=1):
        """eBay's prices contain tax; these taxes are added on top: take them out.

        Of all pieces at once, because a piece's price may be too small to be split.
        """
        # in a batch the same things are sold often
        key = taxes, product, gross, currency, quantity
        if key not in self._nets:
            parts = taxes.with_context(force_price_include=True).compute_all(
                float(gross) / quantity,
                currency=self.lookups.currencies[currency],
                quantity=quantity,
                product=product,
                handle_price_include=True,
            )
            net = Decimal(str(round(parts["total_excluded"], 6)))
            self._nets[key] = rounded(net, currency)
        return self._nets[key]


def _is_on_top(taxes):
    """Whether Odoo adds these taxes to a price, which on eBay contains them."""
    return bool(taxes) and not all(tax.price_include for tax in taxes)


def _what_was_sold(line):
    """The line as the inbox speaks of it, and as its dialog links it."""
    variation = f"{line.listing_ref} {line.variation_ref}" if line.variation_ref else ""
    return {
        "cause": variation or line.sku or line.listing_ref or line.line_item_ref,
        "sku": line.sku or "-",
        "title": _title(line) or "-",
        "listing_ref": line.listing_ref or "-",
        "variation_ref": line.variation_ref,
        "variation_aspects": [list(pair) for pair in line.variation_aspects],
    }


def _title(line):
    """The title with what varies: ``Shirt (M)``."""
    values = ", ".join(value for _name, value in line.variation_aspects)
    return f"{line.title} ({values})" if line.title and values else line.title


def _remitted_text(line):
    return ", ".join(
        " ".join(
            part
            for part in (tax.kind, str(tax.amount), tax.reference_name, tax.reference)
            if part
        )
        for tax in line.taxes.remitted
    )


def _taxed_by_hand(plan):
    """Whether somebody has put taxes on the waiting quotation's taxed lines."""
    lines = plan.sale.order_line if plan.sale else ()
    refs = plan.charge.charged.line_refs
    return any(line.ebay_line_ref in refs and line[SOL_TAXES] for line in lines)


def add_charge_to_line_taxes(plan):
    """Put a tax that has been chosen since on the lines that waited for it."""
    waiting = {}
    for line in plan.sale.order_line:
        if not line[SOL_TAXES] and not line.display_type:
            place = _place(line.ebay_line_ref, line.product_id.id, line.name)
            waiting.setdefault(place, line)
    for values in plan.line_values:
        place = _place(
            values.get("ebay_line_ref"), values["product_id"], values["name"]
        )
        if place in waiting and values[SOL_TAXES][0][2]:
            waiting.pop(place).write(
                {name: values[name] for name in (SOL_TAXES, "price_unit")}
            )


def add_rounding(account, plans):
    """Taxes that come on top round line by line: show the odd cents as a line.

    For all orders at once: one line at a time costs nearly as much as its order.
    Rounding line by line, the lines tell the total before Odoo has added it up, and it
    is added up once, with the cents. What they do not tell is found in the sum.
    """
    certain = [plan for plan in plans if plan.is_certain]
    if account.company_id.tax_calculation_rounding_method == "round_per_line":
        _add_odd_cents(account, certain, _sum_of_lines)
    _add_odd_cents(account, certain, lambda sale: sale.amount_total)


def _sum_of_lines(sale):
    return sum(sale.order_line.mapped("price_total"))


def _add_odd_cents(account, plans, total_of):
    """A line with what rounding explains of eBay's total and Odoo's."""
    odd = [
        (plan, cents)
        for plan in plans
        if (cents := _odd_cents(plan, total_of(plan.sale)))
    ]
    if not odd:
        return
    env = account.env
    builder = LineBuilder(Lookups(env, account, []))
    values = {
        **builder._line(
            account.rounding_product_id,
            1,
            0,
            env._("Rounding of taxes"),
            env["account.tax"],
        ),
        "ebay_part": "rounding",
        "sequence": LAST,
    }
    env["sale.order.line"].create(
        [
            builder.prepared(
                plan,
                "rounding",
                None,
                {**values, "order_id": plan.sale.id, "price_unit": float(cents)},
            )
            for plan, cents in odd
        ]
    )


def _odd_cents(plan, total):
    """What rounding alone may explain of the difference between eBay's total and this.

    At most a cent for each line: its net price and its tax are each half a cent off.
    Rounding globally, Odoo rounds taxes that are in the price apart as well.
    """
    order = plan.sale
    globally = order.company_id.tax_calculation_rounding_method == "round_globally"
    split = [
        line
        for line in order.order_line
        if any(globally or not tax.price_include for tax in line[SOL_TAXES])
    ]
    odoo = Decimal(str(order.currency_id.round(total)))
    difference = plan.order.expected_total - odoo
    most = Decimal(str(order.currency_id.rounding)) * len(split)
    return difference if split and abs(difference) <= most else Decimal(0)


def _place(line_ref, product_id, name):
    return line_ref or (product_id, name)
