"""Facts of an order in words: for notes in the chatter and for the inbox."""

from markupsafe import Markup, escape

from ...mapping.orders.facts import (
    CHARGES,
    DELIVERY,
    GIFT,
    INVOICE,
    NOTE,
    PRICE,
    QUANTITY,
    SERVICE,
    SHIP_BY,
    line_of,
    value_text,
)
from ...mapping.orders.merge import ADDED, DROPPED


def name_of(env, key, titles):
    """What a key is about; ``titles`` are those of the lines by their id."""
    _ = env._
    title = titles.get(line_of(key)) or "-"
    if key.startswith(QUANTITY):
        return _("quantity of %(title)s", title=title)
    if key.startswith(PRICE):
        return _("price of %(title)s", title=title)
    return {
        DELIVERY: _("delivery address"),
        INVOICE: _("invoice address"),
        SERVICE: _("shipping service"),
        SHIP_BY: _("ship-by date"),
        NOTE: _("buyer's note"),
        GIFT: _("gift"),
        CHARGES: _("shipping, discounts and adjustments"),
    }[key]


def value_of(plan, key, value):
    """A fact's value for people; Odoo's own are ids where eBay has codes."""
    if key == SERVICE and value and value.isdigit():
        carrier = plan.sale.env["delivery.carrier"].browse(int(value))
        return carrier.display_name
    if key.startswith(PRICE) and isinstance(value, list):
        return value[0]
    return value_text(value) or "-"


def titles_of(plan):
    """The titles of an order's lines, also of those that eBay has dropped."""
    titles = {
        line.ebay_line_ref: line.name.split("\n")[0]
        for line in plan.sale.order_line
        if line.ebay_line_ref
    }
    for line in plan.order.lines:
        if line.title:
            titles[line.line_item_ref] = line.title
    return titles


def note_of(env, plan):
    """What eBay has changed, for the chatter; empty when nothing was applied."""
    titles = titles_of(plan)
    lines = [
        _sentence(env, change, titles)
        for change in (*plan.merged.changes, *plan.merged.told)
        if change.key not in plan.undone and not _goes_without_saying(change, plan)
    ]
    return Markup("<br/>").join(escape(line) for line in lines)


def _sentence(env, change, titles):
    _ = env._
    title = titles.get(line_of(change.key)) or "-"
    if change.kind == DROPPED:
        return _("eBay: %(title)s is not to be sent any more", title=title)
    if change.kind == ADDED:
        return _(
            "eBay: %(title)s was added, quantity %(count)s",
            title=title,
            count=change.after,
        )
    what = name_of(env, change.key, titles)
    if change.before is None:
        return _("eBay: %(what)s is %(new)s", what=what, new=value_text(change.after))
    return _(
        "eBay: %(what)s changed from %(old)s to %(new)s",
        what=what,
        old=value_text(change.before) or "-",
        new=value_text(change.after) or "-",
    )


def _goes_without_saying(change, plan):
    """The price of a line that was added comes with it."""
    if not change.key.startswith(PRICE):
        return False
    quantity = QUANTITY + (line_of(change.key) or "")
    return any(one.key == quantity for one in plan.merged.changes)
