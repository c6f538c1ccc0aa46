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
sides = {"with": env.registry, "without": plain}


def prepare(registry):
    """Ids of orders to be confirmed, each of one piece."""
    cursor = registry.cursor()
    side = api.Environment(cursor, SUPERUSER_ID, {})
    product = side["product.product"].search([("default_code", "=", "BENCH-1")])
    warehouse = side["stock.warehouse"].search([], limit=1)
    side["stock.quant"]._update_available_quantity(
        product, warehouse.lot_stock_id, 10**6
    )
    partner = side["res.partner"].create({"name": "Bench"})
    line = {"product_id": product.id, "product_uom_qty": 1}
    values = {"partner_id": partner.id, "order_line": [(0, 0, line)]}
    orders = side["sale.order"].create([values] * (COUNT + WARM_UP)).ids
    cursor.execute("ANALYZE")  # Odoo's own statements get the same plans on both sides
    cursor.commit()
    cursor.close()
    return orders


def confirm(order):
    order.action_confirm()


def deliver(order):
    order.picking_ids.button_validate()


def timed(registry, work, order_id):
    """Seconds that somebody waits, and those of the processor among them.

    Each time in a transaction of its own, as a server has one for each request.
    """
    cursor = registry.cursor()
    order = api.Environment(cursor, SUPERUSER_ID, {})["sale.order"].browse(order_id)
    began, busy = time.perf_counter(), time.thread_time()
    work(order)
    cursor.commit()
    spent = time.perf_counter() - began, time.thread_time() - busy
    cursor.close()
    return spent


def compare(work):
    spent = {"with": [], "without": []}
    gc.collect()
    gc.disable()
    for number in range(COUNT + WARM_UP):
        # each pair the other way round than the one before
        for way in sorted(spent, reverse=bool(number % 2)):
            took = timed(sides[way], work, orders[way][number])
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


def check(state, of):
    for way, registry in sides.items():
        cursor = registry.cursor()
        side = api.Environment(cursor, SUPERUSER_ID, {})
        records = of(side["sale.order"].browse(orders[way]))
        left = records.filtered(lambda one: one.state != state)
        if left or not records:
            raise AssertionError(f"{len(left)} of {way} the addon are not {state}")
        cursor.close()


def listen():
    """The deliveries that the bell's thread has heard of so far, as it is built."""
    schedule, heard = env.registry["ebay.schedule"], set()
    trigger = schedule._deliveries_have_left

    def overheard(self, picking_ids):
        heard.update(picking_ids)
        trigger(self, picking_ids)

    schedule._deliveries_have_left = overheard
    return heard


def count_triggers():
    env.cr.commit()  # see what was committed meanwhile
    return env["ir.cron.trigger"].search_count([])


orders = {way: prepare(registry) for way, registry in sides.items()}
triggers, heard = count_triggers(), listen()
confirmed = compare(confirm)
check("sale", lambda sales: sales)
if count_triggers() == triggers:
    raise AssertionError("no wake-up of stock_out: the account is not live")
delivered = compare(deliver)
check("done", lambda sales: sales.picking_ids)
patience = time.monotonic() + 30
while len(heard) < COUNT + WARM_UP and time.monotonic() < patience:
    time.sleep(0.1)
if len(heard) < COUNT + WARM_UP:
    raise AssertionError(f"only {len(heard)} deliveries were heard of")
woken = count_triggers() - triggers  # commits close together are reported as one
print(
    json.dumps(
        {
            "confirming an order": confirmed,
            "validating a delivery": delivered,
            "wake-ups": woken,
        }
    )
)
