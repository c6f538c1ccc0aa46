from . import (
    test_access,
    test_connection,
    test_flow,
    test_neutralize,
    test_schedule,
    test_tokens,
    test_vault,
)
