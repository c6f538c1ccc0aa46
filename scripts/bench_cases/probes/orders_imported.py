import json
import resource
import time
from datetime import datetime, timedelta

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.orders.in"].with_user(robot)
since = account.orders_since_at
account.orders_since_at = datetime.now() - timedelta(minutes=1)
flow._run(account.with_user(robot))
warmed = env["sale.order"].search([("ebay_account_id", "=", account.id)])
if len(warmed) != WARMING:
    raise AssertionError(f"{len(warmed)} orders were there before the clock started")
account.write({"orders_since_at": since, "orders_read_until_at": False})
env.cr.commit()
env.invalidate_all()
queries = env.cr.sql_log_count
began, busy = time.perf_counter(), time.process_time()
while True:
    log = flow._run(account.with_user(robot))
    if log.state != "partial":
        break
seconds = time.perf_counter() - began
busy = time.process_time() - busy
queries = env.cr.sql_log_count - queries
env.invalidate_all()
orders = env["sale.order"].search([("ebay_account_id", "=", account.id)]) - warmed
moves = env["stock.move"].search([("sale_line_id.order_id", "in", orders.ids)])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = {
    "seconds": round(seconds, 2),
    "ms per order": round(1000 * seconds / COUNT, 1),
    "processor ms per order": round(1000 * busy / COUNT, 1),
    "queries per order": round(queries / COUNT, 1),
    "peak MB": round(peak / 1024),
    "state": log.state,
    "message": log.message,
    "blocked": env["ebay.order"].search_count([("state", "=", "blocked")]),
    "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
    "reserved": len(moves.filtered(lambda move: move.state == "assigned")),
}
print(json.dumps(result))
