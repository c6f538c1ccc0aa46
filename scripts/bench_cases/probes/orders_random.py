import json
import resource
import time
from collections import Counter
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.ebay_sync.mapping.orders.order import map_order
from odoo.addons.ebay_sync.mapping.values.dates import parse_timestamp


class FileOfOrders:
    """getOrders and getOrder from a file; only places are kept in memory."""

    def __init__(self, name):
        self.file = open(name, encoding="ascii")
        self.places, self.times, place = {}, {}, 0
        for line in self.file:
            document = json.loads(line)
            ref = document["orderId"]
            self.places[ref], place = place, place + len(line)
            self.times[ref] = parse_timestamp(document["lastModifiedDate"])

    def get_order(self, ref, **_options):
        self.file.seek(self.places[ref])
        return json.loads(self.file.readline())

    def get_orders_by_id(self, refs, **_options):
        return {"orders": [self.get_order(ref) for ref in refs]}

    def order_pages(self, *, modified_from, modified_to=None):
        found = [
            ref
            for ref, moment in self.times.items()
            if modified_from <= moment and (not modified_to or moment <= modified_to)
        ]
        for start in range(0, max(len(found), 1), 200):
            page = [self.get_order(ref) for ref in found[start : start + 200]]
            yield {"total": len(found), "orders": page}


client = SimpleNamespace(fulfillment=FileOfOrders(DOCUMENTS))
patch.object(type(env["ebay.account"]), "_client", lambda *a, **k: client).start()
account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.orders.in"].with_user(robot)
Order = env["ebay.order"]
judged = [("state", "!=", "pending")]
slices, done, queries = [], 0, env.cr.sql_log_count
while True:
    began = time.perf_counter()
    log = flow._run(account.with_user(robot))
    spent = time.perf_counter() - began
    count = Order.search_count(judged)
    slices.append((count - done, spent))
    done = count
    if log.state != "partial":
        break
queries = env.cr.sql_log_count - queries
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
wrong, states = [], Counter()
for start in range(0, COUNT, 500):
    env.invalidate_all()
    for row in Order.search([], offset=start, limit=500, order="id"):
        states[row.state] += 1
        if row.state == "imported":
            expected = map_order(row.payload).expected_total
            total = Decimal(f"{row.sale_order_id.amount_total:.3f}")
            if total != expected:
                wrong.append(f"{row.order_ref}: {total} is not {expected}")
        elif not row.message or "order_failed" in row.issue_ids.mapped("code"):
            wrong.append(f"{row.order_ref} is {row.state}: {row.message}")
reasons = env["ebay.issue"]._read_group([("state", "=", "open")], ["code"], ["__count"])
if wrong or sum(states.values()) != COUNT or log.state != "done":
    raise AssertionError(f"{log.state} {log.message}, {states}: {wrong[:20]}")
result = {
    "seconds": round(sum(spent for _count, spent in slices), 1),
    "queries per order": round(queries / COUNT, 1),
    "peak MB": round(peak / 1024),
    "states": dict(states),
    "open issues": dict(reasons),
    "ms per order, slice by slice": [
        round(1000 * spent / count, 1) for count, spent in slices if count
    ],
}
print(json.dumps(result))
