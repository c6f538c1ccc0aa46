import json

COPIES = 9  # of each quant, in places of their own: lots, shelves, customers
account = env["ebay.account"].search([], limit=1)
place = env["stock.warehouse"].search([], limit=1).lot_stock_id
env.cr.execute(
    "SELECT column_name FROM information_schema.columns WHERE table_name = "
    "'stock_quant' AND table_schema = current_schema() AND is_generated = 'NEVER'"
)
names = [f'"{name}"' for (name,) in env.cr.fetchall() if name not in ("id", "lot_id")]
env.cr.execute(
    f"INSERT INTO stock_quant ({', '.join(names)}) SELECT {', '.join(names)} "
    f"FROM stock_quant, generate_series(1, {COPIES}) WHERE location_id = {place.id}"
)
env.cr.execute("UPDATE ebay_schedule SET compared_at = now() at time zone 'UTC'")
env.cr.execute("UPDATE ebay_listing SET quantity_unsettled = false")
env.cr.commit()
env.cr._cnx.autocommit = True
env.cr.execute("VACUUM ANALYZE")
env.invalidate_all()
plans = []
plain = env.cr.execute


def explained(query, params=None, log_exceptions=True):
    """Explain the statement first, which the flow then executes as it is."""
    code = getattr(query, "code", query)
    if "FROM stock_quant WHERE write_date" in str(code):
        given = query.params if params is None else params
        plain("EXPLAIN (ANALYZE, FORMAT JSON) " + code, given)
        plans.append(env.cr.fetchone()[0][0])
    return plain(query, params, log_exceptions)


def nodes(plan):
    """Each scan of a plan: how, of what, rows, milliseconds."""
    if "Relation Name" in plan:
        found = plan["Actual Rows"] * plan["Actual Loops"]
        spent = plan["Actual Total Time"] * plan["Actual Loops"]
        name = plan.get("Index Name", plan["Relation Name"])
        yield f"{plan['Node Type']} {name}: {found} rows, {spent:.2f} ms"
    for part in plan.get("Plans", ()):
        yield from nodes(part)


env.cr.execute = explained
flow = env["ebay.flow.stock.out"]
run = type("Looking", (), {"account": account, "env": env})()
touched = flow._touched(run)
quants = env["stock.quant"].search_count([])
[plan] = plans
result = {
    "quants": quants,
    "touched": len(touched),
    "scans": list(nodes(plan["Plan"])),
    "milliseconds": round(plan["Execution Time"], 2),
}
print(json.dumps(result))
