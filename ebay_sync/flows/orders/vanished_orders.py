"""Unpaid orders that eBay no longer shows: paid as one with others, or taken back.

When several are paid as one and a line is dropped at once, nothing that eBay shows
names the order of that line any more. Its quotation must not keep goods for ever.
"""

from .former_numbers import UNPAID

# Asked for by number, an hour apart; eBay may be slow or incomplete.
GONE_AFTER_MISSES = 3
QUOTATIONS = ("draft", "sent")


def count_misses(run, rows):
    """Note that eBay did not show these open orders; let go of those that are gone.

    Should eBay show one again and paid, the inbox says that it is cancelled in Odoo.
    """
    for row in rows.filtered(lambda one: one.payment_status in UNPAID):
        if row.wanted_tries + 1 < GONE_AFTER_MISSES:
            row.wanted_tries += 1
            continue
        row.write({"wanted_tries": 0, "is_open": False})
        row.line_ids.unlink()
        _let_go(run, row)


def _let_go(run, row):
    env, sale = run.env, row.sale_order_id
    if sale.state in QUOTATIONS:
        env["ebay.order.update"]._cancel_sale(sale)
        sale._message_log(body=env._("eBay no longer shows this unpaid order"))
        run.line("updated", sale)
    elif sale.state == "sale":
        env["ebay.issue"]._raise(
            run.account, "unpaid_order_gone", order=row, order_ref=row.order_ref
        )
