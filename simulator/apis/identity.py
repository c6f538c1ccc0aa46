"""Identity API v1: who the seller is. Source: commerce_identity_v1."""

from __future__ import annotations

from ..calls import Api, Call, Operation, Quota, Reply, reply_json
from ..errors import not_resolved

_SCOPES = (
    "commerce.identity.readonly",
    "commerce.identity.name.readonly",
    "commerce.identity.address.readonly",
    "commerce.identity.email.readonly",
    "commerce.identity.phone.readonly",
)


def get_user(call: Call) -> Reply:
    """getUser: the immutable id, the changeable name, kind and home marketplace."""
    seller = call.world.collection("seller").get(call.seller)
    if seller is None:
        raise not_resolved()
    shown = ("userId", "username", "accountType", "registrationMarketplaceId", "status")
    return reply_json({name: seller[name] for name in shown})


API = Api(
    name="commerce.identity",
    prefix="/commerce/identity/v1",
    quota=Quota("commerce", "identity", "identity", 5_000),
    operations=[Operation("GET", "/user", "getUser", get_user, scopes=_SCOPES)],
)
