"""What a story is: a function `(client, shop)` that uses one API from end to end.

It may look at what comes back, but the point is the exchanges that it causes, which are
all judged afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.client import exhaust
from contract.simulation import Simulation
from ebay_api.client import EbayClient
from ebay_api.errors import EbayError, Rejected

Story = Callable[[EbayClient, Simulation], None]
STORIES: dict[str, Story] = {}


def story(play: Story) -> Story:
    """Add a story under the name of its function."""
    STORIES[play.__name__] = play
    return play


def refused(call: Callable[[], Any], kind: type[EbayError] = Rejected) -> EbayError:
    """The error with which eBay refuses a call that it has to refuse."""
    try:
        exhaust(call())
    except kind as error:
        return error
    raise AssertionError("eBay was to refuse this")


def rows(pages: Any, key: str) -> list[dict[str, Any]]:
    """The rows of all pages."""
    return [row for page in exhaust(pages) for row in page[key]]
