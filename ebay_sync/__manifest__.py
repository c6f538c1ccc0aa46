{
    "name": "eBay Sync",
    "summary": "Keeps an eBay seller account and Odoo in step, in both directions",
    "version": "1.0.0",
    "category": "Sales/Sales",
    "author": "ebay_sync contributors",
    "license": "LGPL-3",
    "depends": ["sale_management", "sale_stock", "stock_delivery"],
    "external_dependencies": {
        "python": ["cryptography", "defusedxml", "phonenumbers", "requests"],
    },
    "data": [
        "security/ebay_security.xml",
        "security/ir.model.access.csv",
        "data/res_users_data.xml",
        "data/ebay_marketplace_data.xml",
        "views/ebay_sync_log_views.xml",
        "views/ebay_account_views.xml",
        "views/oauth_templates.xml",
        "views/ebay_menus.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
