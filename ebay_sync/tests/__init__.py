from . import (
    test_access,
    test_category_trees,
    test_connection,
    test_doctor,
    test_doctor_ebay,
    test_doctor_server,
    test_features,
    test_flow,
    test_listing_report,
    test_listings_in,
    test_neutralize,
<<<<<<< HEAD
    test_order_money,
=======
    test_notifications,
>>>>>>> 13512d1 (eBay's pushes: verified, stored once, acknowledged; they wake the flows)
    test_orders_in,
    test_reference_in,
    test_schedule,
    test_tokens,
    test_vault,
    test_webhook,
)
