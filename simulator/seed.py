"""What exists on a fresh simulator: a keyset, two sellers, then what the APIs add."""

from __future__ import annotations

import hashlib

from .calls import Api
from .world import World

CLIENT_ID = "SIM-client"
CLIENT_SECRET = "SIM-secret"  # noqa: S105 (the simulator's published test keyset)
RU_NAME = "SIM-RuName"
SELLER = "sim_seller"
OTHER_SELLER = "sim_other_seller"


def seed_world(world: World, apis: list[Api]) -> None:
    """Let every API register its listeners; fill the state if it is a fresh one."""
    for api in apis:
        if api.setup is not None:
            api.setup(world)
    if "seeded" not in world.collection("setting"):
        _basics(world)
        for api in apis:
            if api.seed is not None:
                api.seed(world)
        world.collection("setting").put("seeded", {"seed": world.settings.seed})
    world.store.commit()


def _basics(world: World) -> None:
    world.collection("keyset").put(
        CLIENT_ID,
        {
            "clientId": CLIENT_ID,
            "clientSecret": CLIENT_SECRET,
            "ruName": RU_NAME,
            "acceptUrl": None,
            "declineUrl": None,
            "refusedScopes": [],
        },
    )
    for username in (SELLER, OTHER_SELLER):
        world.collection("seller").put(username, _seller(username))


def _seller(username: str) -> dict[str, str]:
    digest = hashlib.sha256(username.encode()).hexdigest()
    return {
        "username": username,
        "userId": f"sim{digest[:12]}",
        "password": "sim-password",
        "accountType": "BUSINESS",
        "registrationMarketplaceId": "EBAY_DE",
        "status": "CONFIRMED",
        "country": "DE",
    }
