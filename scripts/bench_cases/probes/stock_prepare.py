import json

# A listing of each product of the shelf, as copies of one made by the ORM; the first
# ones are those that the local eBay has.
account = env["ebay.account"].search([], limit=1)
product = env["product.product"].search([("default_code", "=", "BENCH")])
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
env.flush_all()
changed = {
    "product_id": "p.id",
    "listing_ref": "(100000000 + p.id)::varchar",
    "sku": "p.default_code",
    "write_date": "now() at time zone 'UTC' - interval '1 day'",
}
env.cr.execute(
    "SELECT column_name FROM information_schema.columns WHERE table_schema = "
    "current_schema() AND table_name = 'ebay_listing' AND is_generated = 'NEVER'"
)
names = [name for (name,) in env.cr.fetchall() if name != "id"]
env.cr.execute(
    "INSERT INTO ebay_listing ({}) SELECT {} FROM ebay_listing o, product_product p "
    "WHERE o.id = %s AND p.default_code LIKE 'BENCH-%%' ORDER BY p.id "
    "RETURNING id".format(
        ", ".join(f'"{name}"' for name in names),
        ", ".join(changed.get(name, f'o."{name}"') for name in names),
    ),
    [listing.id],
)
listings = [new for (new,) in env.cr.fetchall()]
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
print(json.dumps({"listings": len(listings)}))
