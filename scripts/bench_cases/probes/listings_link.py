import json
import resource
import time

account = env["ebay.account"].search([], limit=1)
robot = env.ref("ebay_sync.user_ebay_robot")
flow = env["ebay.flow.listings.in"].with_user(robot)
Listing = env["ebay.listing"]
rows = Listing.search([("sku", "!=", False)], limit=COUNT, order="id")
named = {row.sku: row.title for row in rows}
for start in range(0, len(named), 1000):
    env["product.product"].with_context(tracking_disable=True).create(
        [
            {"name": title, "default_code": sku, "is_storable": True}
            for sku, title in list(named.items())[start : start + 1000]
        ]
    )
    env.cr.commit()
others = Listing.search([("id", "not in", rows.ids)])
others.write({"ignored": True})


def link():
    account.links_checked_at = False
    env.cr.commit()
    queries, began = env.cr.sql_log_count, time.perf_counter()
    while True:
        log = flow._run(account.with_user(robot))
        if log.state != "partial":
            break
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "queries": env.cr.sql_log_count - queries,
        "state": log.state,
        "message": log.message,
    }


strong = link()
linked = Listing.search_count([("product_id", "!=", False)])
env.cr.execute("UPDATE product_product SET default_code = NULL")
env.cr.execute("UPDATE ebay_listing SET product_id = NULL, link_checked_at = NULL")
env.invalidate_all()
titles = link()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = {
    "products": len(named),
    "listings": len(rows),
    "linked": linked,
    "by SKU": strong,
    "suggested": Listing.search_count([("suggested_product_id", "!=", False)]),
    "by title": titles,
    "peak MB": round(peak / 1024),
}
print(json.dumps(result))
