import json
import resource
import time
from datetime import datetime

from odoo.addons.ebay_sync.compat import SOL_TAXES, SOL_UOM

QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
}
company = env.company
country = env.ref("base.de")
pricelist = env["product.pricelist"].create(
    {
        "name": "By hand",
        "currency_id": env.ref("base.EUR").id,
        "company_id": company.id,
    }
)
warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
products = env["product.product"].search([("default_code", "like", "BENCH-")])
shipping = env.ref("ebay_sync.product_shipping")
env.cr.commit()


def line(product, quantity, price, sequence):
    return (
        0,
        0,
        {
            "sequence": sequence,
            "product_id": product.id,
            "name": product.name,
            "product_uom_qty": quantity,
            SOL_UOM: product.uom_id.id,
            "price_unit": price,
            "technical_price_unit": 0.0,
            "discount": 0.0,
            SOL_TAXES: [(6, 0, product.taxes_id.ids)],
        },
    )


def build(quiet, numbers):
    partners = quiet["res.partner"].create(
        [
            {
                "name": f"Hand {number}",
                "street": f"Weg {number}",
                "city": "Berlin",
                "zip": "10115",
                "country_id": country.id,
                "email": f"{number}@example.com",
                "phone": "+493012345",
                "customer_rank": 1,
            }
            for number in numbers
        ]
    )
    orders = quiet["sale.order"].create(
        [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "partner_invoice_id": partner.id,
                "partner_shipping_id": partner.id,
                "pricelist_id": pricelist.id,
                "fiscal_position_id": False,
                "payment_term_id": False,
                "team_id": False,
                "user_id": False,
                "warehouse_id": warehouse.id,
                "date_order": datetime(2026, 1, 1),
                "client_order_ref": f"HAND-{number}",
                "note": False,
                "require_signature": False,
                "require_payment": False,
                "order_line": [
                    line(products[number % len(products)], 1, 10.0, 10),
                    line(products[(number * 7 + 1) % len(products)], 2, 7.5, 11),
                    line(shipping, 1, 4.99, 12),
                ],
            }
            for number, partner in zip(numbers, partners, strict=True)
        ]
    )
    orders.action_confirm()
    env.cr.commit()
    return orders.ids


quiet_env = env(context={**env.context, **QUIET})
build(quiet_env, range(COUNT, COUNT + WARMING))
quiet_env.invalidate_all()
queries = env.cr.sql_log_count
began, busy = time.perf_counter(), time.process_time()
ids = []
for start in range(0, COUNT, 100):
    ids += build(quiet_env, range(start, min(start + 100, COUNT)))
    quiet_env.invalidate_all()
seconds = time.perf_counter() - began
busy = time.process_time() - busy
queries = env.cr.sql_log_count - queries
orders = env["sale.order"].browse(ids)
moves = env["stock.move"].search([("sale_line_id.order_id", "in", ids)])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
result = {
    "seconds": round(seconds, 2),
    "ms per order": round(1000 * seconds / COUNT, 1),
    "processor ms per order": round(1000 * busy / COUNT, 1),
    "queries per order": round(queries / COUNT, 1),
    "peak MB": round(peak / 1024),
    "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
    "reserved": len(moves.filtered(lambda move: move.state == "assigned")),
}
print(json.dumps(result))
