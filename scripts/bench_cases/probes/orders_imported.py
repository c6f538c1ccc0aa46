import json
import resource
import time

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.orders.in"].with_user(robot)
queries, began = env.cr.sql_log_count, time.perf_counter()
while True:
    log = flow._run(account.with_user(robot))
    if log.state != "partial":
        break
seconds = time.perf_counter() - began
queries = env.cr.sql_log_count - queries
env.invalidate_all()
orders = env["sale.order"].search([("ebay_account_id", "=", account.id)])
moves = env["stock.move"].search([("sale_line_id.order_id", "in", orders.ids)])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = {
    "seconds": round(seconds, 2),
    "ms per order": round(1000 * seconds / COUNT, 1),
    "queries per order": round(queries / COUNT, 1),
    "peak MB": round(peak / 1024),
    "state": log.state,
    "message": log.message,
    "blocked": env["ebay.order"].search_count([("state", "=", "blocked")]),
    "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
    "reserved": len(moves.filtered(lambda move: move.state == "assigned")),
}
print(json.dumps(result))
