from . import inbox, listings, orders, shipments, stock_prices
