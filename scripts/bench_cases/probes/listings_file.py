import json
import resource
import time

# All links out as a file, all taken away, and in again by the file.
account = env["ebay.account"].search([], limit=1)
Wizard = env["ebay.link.file"].with_user(env.ref("base.user_admin"))
given = {"account_id": account.id, "only_unlinked": False}
result = {"idle MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}
began = time.perf_counter()
out = Wizard.create(given)
out.action_export()
result["seconds out"] = round(time.perf_counter() - began, 2)
env.cr.execute("UPDATE ebay_listing SET product_id = NULL, link_checked_at = NULL")
env.cr.commit()
env.invalidate_all()
queries, began = env.cr.sql_log_count, time.perf_counter()
Wizard.create({**given, "content": out.content}).action_import()
env.cr.commit()
result |= {
    "seconds in": round(time.perf_counter() - began, 2),
    "queries in": env.cr.sql_log_count - queries,
    "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    "linked": env["ebay.listing"].search_count([("product_id", "!=", False)]),
}
print(json.dumps(result))
