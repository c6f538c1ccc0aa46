import json

# N products with ten pieces each, as copies of one made by the ORM.
product = env["product.product"].create(
    {"name": "Bench", "default_code": "BENCH", "type": "consu", "is_storable": True}
)
warehouse = env["stock.warehouse"].search([], limit=1)
env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
env.flush_all()


def copies(table, row_id, **changed):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = current_schema() AND is_generated = 'NEVER'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall() if name != "id"]
    values = ", ".join(changed.get(name, f'o."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} o, "
        f"generate_series(1, {N}) AS n WHERE o.id = {row_id} ORDER BY n RETURNING id"
    )
    return [new for (new,) in env.cr.fetchall()]


templates = copies("product_template", product.product_tmpl_id.id)
products = copies(
    "product_product",
    product.id,
    product_tmpl_id=f"{templates[0]} + n - 1",
    default_code="'BENCH-' || n",
)
quant = env["stock.quant"].search(
    [("product_id", "=", product.id), ("location_id", "=", warehouse.lot_stock_id.id)]
)
old = "now() at time zone 'UTC' - interval '1 day'"
copies("stock_quant", quant.id, product_id=f"{products[0]} + n - 1", write_date=old)
env.cr.commit()
env.cr._cnx.autocommit = True
env.cr.execute("ANALYZE")
print(json.dumps({"products": len(products)}))
