import json
import time

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.orders.in"].with_user(robot)
flow._run(account.with_user(robot))
queries, began = env.cr.sql_log_count, time.perf_counter()
log = flow._run(account.with_user(robot))
result = {
    "seconds": round(time.perf_counter() - began, 3),
    "queries": env.cr.sql_log_count - queries,
    "requests": log.request_count,
    "state": log.state,
}
print(json.dumps(result))
