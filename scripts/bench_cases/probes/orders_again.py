import json
import time
from datetime import datetime, timedelta

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.orders.in"].with_user(robot)
account.orders_read_until_at = datetime.now() - timedelta(minutes=BACK)
env.cr.commit()
env.invalidate_all()
queries = env.cr.sql_log_count
busy = time.process_time()
logs = [flow._run(account.with_user(robot))]
while logs[-1].state == "partial":
    logs.append(flow._run(account.with_user(robot)))
busy = time.process_time() - busy
queries = env.cr.sql_log_count - queries
env.invalidate_all()
seen = sum(log.seen_count for log in logs)
updated = sum(log.updated_count for log in logs)
if seen < COUNT or updated < NEWS:
    raise AssertionError(f"{seen} read, {updated} of {NEWS} changed")
result = {
    "read": seen,
    "taken over": updated,
    "processor ms per order": round(1000 * busy / COUNT, 2),
    "queries per order": round(queries / COUNT, 2),
    "open entries": env["ebay.issue"].search_count([("state", "=", "open")]),
}
print(json.dumps(result))
