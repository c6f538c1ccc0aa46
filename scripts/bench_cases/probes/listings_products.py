import json

# A product for each of the first listings that have a SKU; the others are ignored.
Listing = env["ebay.listing"]
rows = Listing.search([("sku", "!=", False)], limit=COUNT, order="id")
named = dict(zip(rows.mapped("sku"), rows.mapped("title"), strict=True))
Listing.search([("id", "not in", rows.ids)]).write({"ignored": True})
products = env["product.product"].with_context(tracking_disable=True)
skus = list(named)
for start in range(0, len(skus), 1000):
    products.create(
        [
            {"name": named[sku], "default_code": sku, "is_storable": True}
            for sku in skus[start : start + 1000]
        ]
    )
    env.cr.commit()
print(json.dumps({"listings": len(rows), "products": len(named)}))
