import json

# N products with ten pieces each and a listing each, as copies of one made by the ORM;
# the first ones are the listings that the local eBay has.
product = env["product.product"].create(
    {"name": "Bench", "default_code": "BENCH", "type": "consu", "is_storable": True}
)
warehouse = env["stock.warehouse"].search([], limit=1)
account = env["ebay.account"].search([], limit=1)
listing = env["ebay.listing"].create(
    {
        "account_id": account.id,
        "listing_ref": "1",
        "sku": "BENCH",
        "title": "Bench",
        "state": "ACTIVE",
        "format": "FIXED_PRICE",
        "owner": "inventory",
        "product_id": product.id,
        "stock_master": "odoo",
        "quantity": 10,
    }
)
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
listings = copies(
    "ebay_listing",
    listing.id,
    product_id=f"{products[0]} + n - 1",
    listing_ref="(100000000 + n)::varchar",
    sku="'BENCH-' || n",
    write_date=old,
)
listing.unlink()
for row_id, (item, sku, offer) in zip(listings[: len(LIVE)], LIVE, strict=True):
    env.cr.execute(
        "UPDATE ebay_listing SET listing_ref = %s, sku = %s, offer_ref = %s "
        "WHERE id = %s",
        [item, sku, offer, row_id],
    )
env.cr.commit()
env.cr._cnx.autocommit = True
env.cr.execute("ANALYZE")
print(json.dumps({"products": len(products)}))
