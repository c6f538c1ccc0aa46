"""The tables behind every listing-side API.

Times are UTC in ISO 8601 with milliseconds and ``Z``; prices are decimal text. The
indexes let a page deep in a large account be found without reading the documents.

A listing made through the Inventory API takes quantity and price from its offers and
inventory items, an older one from its own units. The view ``unit_now`` is the only
place that joins the two: everything that shows a quantity or price reads it.
"""

from __future__ import annotations

SCHEMA = """
CREATE TABLE IF NOT EXISTS listing (
    item_id TEXT PRIMARY KEY,
    seller TEXT NOT NULL,
    model TEXT NOT NULL,
    marketplace TEXT NOT NULL,
    format TEXT NOT NULL,
    title TEXT NOT NULL,
    category_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    condition TEXT,
    group_key TEXT,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    ending_reason TEXT,
    modified_at TEXT NOT NULL,
    revised_on TEXT,
    revisions INTEGER NOT NULL DEFAULT 0,
    document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS listing_of_seller ON listing (seller, status, item_id);
CREATE INDEX IF NOT EXISTS listing_modified ON listing (seller, modified_at);
CREATE INDEX IF NOT EXISTS listing_group ON listing (seller, group_key);

CREATE TABLE IF NOT EXISTS listing_unit (
    item_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    variation_id TEXT,
    offer_id TEXT,
    sku TEXT,
    ean TEXT,
    price TEXT NOT NULL,
    available INTEGER NOT NULL,
    sold INTEGER NOT NULL DEFAULT 0,
    aspects TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (item_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unit_of_offer ON listing_unit (offer_id);
CREATE INDEX IF NOT EXISTS unit_of_sku ON listing_unit (sku);

CREATE TABLE IF NOT EXISTS inventory_item (
    seller TEXT NOT NULL,
    sku TEXT NOT NULL,
    locale TEXT,
    quantity INTEGER,
    document TEXT NOT NULL,
    PRIMARY KEY (seller, sku)
);

CREATE TABLE IF NOT EXISTS inventory_group (
    seller TEXT NOT NULL,
    group_key TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (seller, group_key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS inventory_group_member (
    seller TEXT NOT NULL,
    sku TEXT NOT NULL,
    group_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (seller, sku)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS member_of_group
    ON inventory_group_member (seller, group_key, position);

CREATE TABLE IF NOT EXISTS offer (
    offer_id TEXT PRIMARY KEY,
    seller TEXT NOT NULL,
    sku TEXT NOT NULL,
    marketplace TEXT NOT NULL,
    format TEXT NOT NULL,
    available INTEGER,
    price TEXT,
    currency TEXT,
    item_id TEXT,
    last_item_id TEXT,
    document TEXT NOT NULL,
    UNIQUE (seller, sku, marketplace, format)
);

CREATE TABLE IF NOT EXISTS inventory_location (
    seller TEXT NOT NULL,
    location_key TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (seller, location_key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS listing_extra (
    seller TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (seller, kind, name)
) WITHOUT ROWID;

CREATE VIEW IF NOT EXISTS unit_now AS
SELECT
    unit.item_id, unit.position, unit.variation_id, unit.offer_id, unit.sku,
    unit.ean, unit.sold, unit.aspects,
    COALESCE(offer.price, unit.price) AS price,
    CASE
        WHEN offer.offer_id IS NULL THEN unit.available
        WHEN offer.available IS NULL THEN COALESCE(item.quantity, 0)
        ELSE MIN(offer.available, COALESCE(item.quantity, 0))
    END AS available
FROM listing_unit AS unit
LEFT JOIN offer ON offer.offer_id = unit.offer_id
LEFT JOIN inventory_item AS item
    ON item.seller = offer.seller AND item.sku = offer.sku;
"""
