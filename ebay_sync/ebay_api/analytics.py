"""Developer Analytics API: how much of eBay's quotas is left."""

from .api import Api
from .documents import Reply


class Analytics(Api):
    """developer/analytics/v1_beta. Quotas count for the keyset, all sellers together.

    Both calls answer with `rateLimits[].resources[].rates[]` (`limit`, `remaining`,
    `reset` as ISO UTC, `timeWindow` in seconds), or with nothing (204).
    """

    api = "analytics"

    def get_rate_limits(self, api_context: str = "", api_name: str = "") -> Reply:
        """The keyset's quotas; `api_context` "sell", `api_name` "inventory" narrow it.

        eBay: getRateLimits
        """
        return self._get(
            "getRateLimits",
            "/rate_limit/",
            {"api_context": api_context or None, "api_name": api_name or None},
            acts_as="app",
        )

    def get_user_rate_limits(self, api_context: str = "", api_name: str = "") -> Reply:
        """The quotas that are counted per seller.

        eBay: getUserRateLimits
        """
        return self._get(
            "getUserRateLimits",
            "/user_rate_limit/",
            {"api_context": api_context or None, "api_name": api_name or None},
            acts_as="user",
        )
