import gc
import json
import statistics
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

WARM_UP = 20
plain = Registry(PLAIN)
if "ebay.account" in plain or "ebay.account" not in env.registry:
    raise AssertionError("the addon is not where it should be")
cursor = plain.cursor()
sides = {"with": env, "without": api.Environment(cursor, SUPERUSER_ID, {})}


def prepare(side):
    product = side["product.product"].search([("default_code", "=", "BENCH-1")])
    warehouse = side["stock.warehouse"].search([], limit=1)
    side["stock.quant"]._update_available_quantity(
        product, warehouse.lot_stock_id, 10**6
    )
    partner = side["res.partner"].create({"name": "Bench"})
    line = {"product_id": product.id, "product_uom_qty": 1}
    values = {"partner_id": partner.id, "order_line": [(0, 0, line)]}
    orders = side["sale.order"].create([values] * (COUNT + WARM_UP))
    side.cr.commit()
    return orders


def confirm(order):
    order.action_confirm()


def deliver(order):
    order.picking_ids.button_validate()


def timed(side, work, record):
    """Seconds that somebody waits, and those of the processor among them."""
    began, busy = time.perf_counter(), time.thread_time()
    work(record)
    side.cr.commit()
    return time.perf_counter() - began, time.thread_time() - busy


def compare(work, records):
    spent = {"with": [], "without": []}
    gc.collect()
    gc.disable()
    for number in range(COUNT + WARM_UP):
        # each pair the other way round than the one before
        for way in sorted(spent, reverse=bool(number % 2)):
            took = timed(sides[way], work, records[way][number])
            if number >= WARM_UP:
                spent[way].append(took)
        if number % 50 == 0:
            gc.collect()
    gc.enable()
    told = {"of": COUNT}
    for place, name in enumerate(("waited", "processor")):
        middle = {
            way: statistics.median(one[place] for one in taken)
            for way, taken in spent.items()
        }
        told[name] = {
            "with (ms)": round(middle["with"] * 1000, 2),
            "without (ms)": round(middle["without"] * 1000, 2),
            "ratio": round(middle["with"] / middle["without"], 3),
        }
    return told


def check(records, state, of):
    for way, orders in records.items():
        left = of(orders).filtered(lambda one: one.state != state)
        if left:
            raise AssertionError(f"{len(left)} of {way} the addon are not {state}")


records = {way: prepare(side) for way, side in sides.items()}
triggers = env["ir.cron.trigger"].search_count([])
confirmed = compare(confirm, records)
check(records, "sale", lambda orders: orders)
delivered = compare(deliver, records)
check(records, "done", lambda orders: orders.picking_ids)
woken = env["ir.cron.trigger"].search_count([]) - triggers
if woken < COUNT:
    raise AssertionError(f"only {woken} wake-ups: the account is not live")
cursor.close()
print(
    json.dumps(
        {
            "confirming an order": confirmed,
            "validating a delivery": delivered,
            "wake-ups": woken,
        }
    )
)
