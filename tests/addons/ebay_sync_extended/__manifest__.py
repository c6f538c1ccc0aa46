{
    "name": "eBay Sync, extended",
    "summary": "Overrides every hook of ebay_sync, for its tests",
    "version": "1.0.0",
    "category": "Sales/Sales",
    "author": "ebay_sync contributors",
    "license": "LGPL-3",
    "depends": ["ebay_sync"],
}
