"""orders: recent orders. Shows no buyer unless raw documents are asked for."""

import argparse
import json
from datetime import timedelta

from ebay_api.fulfillment import LARGEST_PAGE

from .context import Context


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Registers the command of this file."""
    orders = commands.add_parser("orders", help="recent orders, changed last first")
    orders.add_argument("--days", type=int, default=7, help="how far back (7)")
    orders.add_argument("--limit", type=int, default=20, help="how many to show (20)")
    orders.add_argument(
        "--json", action="store_true", help="eBay's documents, with the buyers' data"
    )
    orders.set_defaults(run=run_orders)


def run_orders(context: Context, options: argparse.Namespace) -> int:
    """Lists the orders changed within the last days."""
    start = context.transport.clock() - timedelta(days=max(options.days, 0), minutes=1)
    size = max(1, min(options.limit, LARGEST_PAGE))
    found, total = [], 0
    for page in context.client().fulfillment.order_pages(
        modified_from=start, limit=size
    ):
        found += page.get("orders", [])
        total = page.get("total", len(found))
    found.sort(key=lambda order: order.get("lastModifiedDate", ""), reverse=True)
    shown = found[: max(options.limit, 0)]
    if options.json:
        context.say(json.dumps(shown, indent=2, ensure_ascii=False))
        return 0
    for order in shown:
        amount = order.get("pricingSummary", {}).get("total", {})
        context.say(
            f"{order.get('orderId', '?'):18}{order.get('creationDate', '')[:16]:18}"
            f"{order.get('orderPaymentStatus', '?'):20}"
            f"{order.get('orderFulfillmentStatus', '?'):14}"
            f"{amount.get('value', '?'):>10} {amount.get('currency', ''):4}"
            f"{len(order.get('lineItems', []))} line(s)"
        )
    context.say(f"{len(shown)} of {total} orders of the last {options.days} days.")
    return 0
