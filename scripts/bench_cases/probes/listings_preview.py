import json
import resource
import time

# Prices by a rule for all marketplaces, which need a rate to each currency.
account = env["ebay.account"].search([], limit=1).with_user(env.ref("base.user_admin"))
for code, rate in (("EUR", 1.0), ("PLN", 4.3), ("GBP", 0.86)):
    currency = (
        env["res.currency"]
        .with_context(active_test=False)
        .search([("name", "=", code)])
    )
    currency.write({"active": True, "rate_ids": [(0, 0, {"rate": rate})]})
pricelist = env["product.pricelist"].create({"name": "Bench"})
env["ebay.price.rule"].create(
    {"account_id": account.id, "pricelist_id": pricelist.id, "markup": 10}
)
env.cr.commit()
env.invalidate_all()


def peak():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


idle, queries, began = peak(), env.cr.sql_log_count, time.perf_counter()
action = account.action_preview()
result = {
    "seconds": round(time.perf_counter() - began, 2),
    "queries": env.cr.sql_log_count - queries,
    "idle MB": idle,
    "peak MB": peak(),
    "lines": env["ebay.takeover"].browse(action["res_id"]).line_count,
}
print(json.dumps(result))
