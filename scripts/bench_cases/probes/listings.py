import json
import resource
import time
from collections import Counter

from odoo.sql_db import Cursor

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.listings.in"].with_user(robot)
statements = Counter()
execute = Cursor.execute


def counted(cursor, query, *args, **kwargs):
    text = str(getattr(query, "code", query)).lstrip()[:40]
    if '"ebay_listing"' in text:
        statements[text.split()[0]] += 1
    return execute(cursor, query, *args, **kwargs)


Cursor.execute = counted
if SWEEP:
    account.listings_swept_at = False
env.cr.commit()
queries, began = env.cr.sql_log_count, time.perf_counter()
first = env["ebay.sync.log"].search([], limit=1).id or 0
for _turn in range(200):
    log = flow._run(account.with_user(robot))
    busy = log.state == "partial" or (log.state == "done" and account._open_sweep())
    if not busy:
        break
    if log.state == "done":
        time.sleep(1)  # eBay is still writing its report
seconds = time.perf_counter() - began
logs = env["ebay.sync.log"].search([("id", ">", first), ("flow", "=", "listings_in")])
by_api = Counter()
for one in logs:
    by_api.update(one.requests_by_api or {})
Listing = env["ebay.listing"].with_context(active_test=False)
items = next(iter(account._client().inventory.item_pages()))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = {
    "seconds": round(seconds, 2),
    "requests": sum(logs.mapped("request_count")),
    "requests by api": dict(by_api),
    "queries": env.cr.sql_log_count - queries,
    "inserts": statements["INSERT"],
    "updates": statements["UPDATE"],
    "created": sum(logs.mapped("created_count")),
    "updated": sum(logs.mapped("updated_count")),
    "unchanged": sum(logs.mapped("unchanged_count")),
    "peak MB": round(peak / 1024),
    "rows": Listing.search_count([]),
    "listings": len(set(Listing.search([]).mapped("listing_ref"))),
    "inventory items": items.get("total", 0),
    "state": log.state,
    "message": log.message,
}
print(json.dumps(result))
