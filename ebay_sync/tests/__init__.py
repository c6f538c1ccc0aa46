from . import (
    test_access,
    test_category_trees,
    test_connection,
    test_doctor,
    test_features,
    test_flow,
    test_neutralize,
    test_reference_in,
    test_schedule,
    test_tokens,
    test_vault,
    test_webhook,
)
