import json
import resource
import time

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.listings.in"].with_user(robot)
Listing = env["ebay.listing"]
if BY == "title":
    env.cr.execute("UPDATE product_product SET default_code = NULL")
    env.cr.execute("UPDATE ebay_listing SET product_id = NULL, link_checked_at = NULL")
account.links_checked_at = False
env.cr.commit()


def peak():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


idle, queries, began = peak(), env.cr.sql_log_count, time.perf_counter()
while True:
    log = flow._run(account.with_user(robot))
    if log.state != "partial":
        break
result = {
    "seconds": round(time.perf_counter() - began, 2),
    "queries": env.cr.sql_log_count - queries,
    "idle MB": idle,
    "peak MB": peak(),
    "linked": Listing.search_count([("product_id", "!=", False)]),
    "suggested": Listing.search_count([("suggested_product_id", "!=", False)]),
    "state": log.state,
    "message": log.message,
}
print(json.dumps(result))
