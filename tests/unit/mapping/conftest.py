"""Options of the tests of the mapping."""

import os

import pytest


@pytest.fixture(scope="session")
def generated_count() -> int:
    """How many random documents to map; EBAY_SYNC_RANDOM_ORDERS sets another number.

    A few hundred keep the unit tests short; ten thousand take about seven seconds.
    """
    return int(os.environ.get("EBAY_SYNC_RANDOM_ORDERS", "500"))
