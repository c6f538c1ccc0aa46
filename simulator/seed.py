"""What exists on a fresh simulator: a keyset, two sellers, then what the APIs add."""

from __future__ import annotations

import hashlib

from .calls import Api
from .orders.load import load_file
from .scopes import BY_REQUEST_ONLY
from .world import World

CLIENT_ID = "SIM-client"
CLIENT_SECRET = "SIM-secret"
RU_NAME = "SIM-RuName"
SELLER = "sim_seller"
OTHER_SELLER = "sim_other_seller"


def seed_world(world: World, apis: list[Api]) -> None:
    """Let every API register its listeners; fill the state if it is a fresh one."""
    for api in apis:
        if api.setup is not None:
            api.setup(world)
    fill_world(world, apis)


def fill_world(world: World, apis: list[Api]) -> None:
    """What exists at the beginning, once per state."""
    if "seeded" not in world.collection("setting"):
        _basics(world)
        for api in apis:
            if api.seed is not None:
                api.seed(world)
        if world.settings.orders:
            load_file(world, world.settings.orders, SELLER)
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
            "refusedScopes": list(BY_REQUEST_ONLY),
        },
    )
    for username in (SELLER, OTHER_SELLER):
        world.collection("seller").put(username, new_seller(username))


def new_seller(username: str) -> dict[str, str]:
    """A German business seller with that name; its userId follows from the name."""
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
