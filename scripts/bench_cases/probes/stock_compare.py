import json
import resource
import time

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.stock.out"].with_user(robot)
schedule = account._stock_schedule()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run():
    schedule.compared_at = False
    env.cr.commit()
    env.invalidate_all()
    queries = env.cr.sql_log_count
    cpu, began = time.process_time(), time.perf_counter()
    log = flow._run(account.with_user(robot))
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "CPU seconds": round(time.process_time() - cpu, 2),
        "queries": env.cr.sql_log_count - queries,
        "requests": log.request_count,
        "pushes": (log.requests_by_api or {}).get("inventory", 0),
        "sent": log.updated_count,
        "compared": log.seen_count,
        "peak MB": round(peak()),
        "state": log.state,
        "message": log.message or "",
    }


idle = peak()
first = run()  # writes down what was computed, for all
nothing = run()
env.cr.execute(
    "UPDATE stock_quant SET quantity = 11 WHERE product_id IN "
    "(SELECT product_id FROM ebay_listing WHERE offer_ref IS NOT NULL)"
)
env.cr.commit()
changes = run()
told = {"idle MB": round(idle), "first": first, "nothing": nothing, "changes": changes}
print(json.dumps(told))
