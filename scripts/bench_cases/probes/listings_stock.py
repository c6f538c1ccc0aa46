import json
import resource
import time

# Adopt eBay's quantities of so many products, and take them back.
account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.listings.in"].with_user(robot)
takeover = env["ebay.takeover"].search([], limit=1)
takeover.several = "highest"
lines = takeover.line_ids.filtered("ebay_quantity")
products = lines.product_id[:COUNT]
chosen = lines.filtered(lambda line: line.product_id in products)
(takeover.line_ids - chosen).chosen = False
shown = {}
for line in chosen:
    known = shown.get(line.product_id.id, 0)
    shown[line.product_id.id] = max(known, line.ebay_quantity)
env.cr.commit()
env.invalidate_all()
result = {"products": len(products), "shown": sum(shown.values())}
result["idle MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
for step in ("adopt", "undo"):
    getattr(takeover, f"action_{step}")()
    env.cr.commit()
    queries, began = env.cr.sql_log_count, time.perf_counter()
    while True:
        log = flow._run(account.with_user(robot))
        if log.state != "partial":
            break
    result[f"seconds to {step}"] = round(time.perf_counter() - began, 2)
    result[f"queries to {step}"] = env.cr.sql_log_count - queries
    if step == "adopt":
        result["pieces"] = sum(products.mapped("qty_available"))
result["peak MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
result |= {"state": takeover.state, "message": log.message}
print(json.dumps(result))
