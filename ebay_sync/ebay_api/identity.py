"""Identity API: who the connected seller is."""

from .api import Api
from .documents import Reply


class Identity(Api):
    """commerce/identity/v1, scope commerce.identity.readonly."""

    api = "identity"

    def get_user(self) -> Reply:
        """`userId` (never changes), `username` (may), `accountType`,
        `registrationMarketplaceId`. Raises `ContractError` without a `userId`.

        eBay: getUser
        """
        return self._get("getUser", "/user/", needs_text="userId")
