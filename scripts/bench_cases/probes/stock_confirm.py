import json
import statistics
import time

# Orders confirmed and committed one by one, by turns with and without the wake-up.
Quant = type(env["stock.quant"])
real = Quant._ebay_stock_changed
product = env["product.product"].search([("default_code", "=", "BENCH-1")], limit=1)
warehouse = env["stock.warehouse"].search([], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10**6)
partner = env["res.partner"].create({"name": "Bench"})
values = {
    "partner_id": partner.id,
    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})],
}
orders = env["sale.order"].create([values] * 2 * COUNT)
env.cr.commit()
spent = {"with": [], "without": []}
for number, order in enumerate(orders):
    # pairs, each the other way round than the one before
    way = ("with", "without")[(number + number // 2) % 2]
    Quant._ebay_stock_changed = real if way == "with" else (lambda self: None)
    began = time.perf_counter()
    order.action_confirm()
    env.cr.commit()
    spent[way].append(time.perf_counter() - began)
Quant._ebay_stock_changed = real
ratios = [one / other for one, other in zip(*spent.values(), strict=True)]
result = {
    "with (ms)": round(statistics.median(spent["with"]) * 1000, 2),
    "without (ms)": round(statistics.median(spent["without"]) * 1000, 2),
    "ratio": round(statistics.median(ratios), 3),
    "of": COUNT,
}
print(json.dumps(result))
