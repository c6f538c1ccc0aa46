"""The addon leaves an Odoo that continues to sell."""

from __future__ import annotations

from e2e.conftest import only_when_woken
from scripts.stage.local_ebay import LocalEbay
from scripts.stage.shop import Shop, wait_for
from scripts.tooling import databases
from scripts.tooling.servers import OdooServer

UNINSTALL = """
module = env["ir.module.module"].search([("name", "=", "ebay_sync")])
module.button_immediate_uninstall()
"""
SELL = """
order = env["sale.order"].search([], limit=1)
again = order.copy()
again.action_confirm()
print(again.state, len(again.picking_ids))
"""
LEFT = """
SELECT (SELECT count(*) FROM pg_tables WHERE tablename LIKE 'ebay%')
     + (SELECT count(*) FROM ir_cron WHERE cron_name LIKE 'eBay:%')
     + (SELECT count(*) FROM ir_config_parameter WHERE key LIKE 'ebay_sync%')
     + (SELECT count(*) FROM res_users WHERE login = 'ebay_robot' AND active)
"""


def test_orders_stay_and_can_be_worked_on():
    with LocalEbay.fresh() as ebay, OdooServer.fresh() as odoo:
        shop = Shop(odoo, ebay)
        shop.create_account(mode="mirror")
        only_when_woken(shop)
        ebay.control("clock", advance=-14)  # what happens is read 15 seconds later
        shop.use_currency("EUR")
        shop.create_product("UNINSTALL-1", quantity=9)
        item = {"title": "Mug", "price": "5", "quantity": 9, "sku": "UNINSTALL-1"}
        ebay.control("listings/new", marketplace="EBAY_DE", **item)
        shop.connect()
        ebay.control("buy", lines=[{"sku": "UNINSTALL-1", "quantity": 1}])
        wait_for(lambda: shop.run_now("orders_in")["created_count"], "the order")
        odoo.stop()
        with databases.fresh(odoo.runtime, odoo.database) as name:
            copy = OdooServer(odoo.runtime, name)  # the first is searched for secrets
            copy.shell(UNINSTALL)
            assert copy.sql(LEFT) == "0"
            assert copy.shell(SELL) == "sale 1"
