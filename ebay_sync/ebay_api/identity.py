"""Identity API: who the connected seller is."""

from .api import Api
from .documents import Reply
from .errors import ContractError


class Identity(Api):
    """commerce/identity/v1, scope commerce.identity.readonly."""

    api = "identity"

    def get_user(self) -> Reply:
        """`userId` (never changes), `username` (may), `accountType`,
        `registrationMarketplaceId`. Raises `ContractError` without a `userId`.

        eBay: getUser
        """
        user = self._get("getUser", "/user/")
        if not isinstance(user.get("userId"), str) or not user["userId"]:
            raise ContractError(
                "eBay's answer lacks the userId (getUser)",
                status=user.status,
                request_id=user.request_id,
                api=self.api,
                call="getUser",
            )
        return user
