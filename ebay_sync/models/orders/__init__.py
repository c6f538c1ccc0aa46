"""eBay's order as it came, and what eBay adds to Odoo's sale orders and partners.

In: documents stored by ``orders_in``. Out: the link to the sale order, the state, and
inbox entries with their buttons (``ebay_issue.py``).
Start with ``ebay_order.py``, then ``sale_order.py``.
"""

from . import (
    account_payment,
    analytic_rules,
    buyer_mail,
    ebay_field_rule,
    ebay_issue,
    ebay_order,
    ebay_order_line,
    ebay_tax_rule,
    fulfilled_by_ebay,
    res_partner,
    sale_order,
    status_words,
    stock_at_once,
    stock_picking,
)
