"""The ASGI application: every API under its prefix, the controls under ``/_sim``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .apis import all_apis
from .calls import Api, Call, Operation, Reply
from .control import control_api
from .errors import not_resolved
from .pipeline import Endpoint
from .seed import seed_world
from .settings import Settings
from .world import World


def create_app(settings: Settings | None = None) -> Application:
    """Build a simulator; ``.world`` of the result is its state."""
    world = World(settings or Settings())
    apis = all_apis()
    seed_world(world, apis)
    return Application(world, [*apis, control_api()])


class Application:
    """The Starlette application behind a normalised path (no trailing slash)."""

    def __init__(self, world: World, apis: list[Api]) -> None:
        self.world = world
        routes = [_mount(world, api) for api in apis]
        self._inner: ASGIApp = Starlette(routes=routes, lifespan=self._lifespan)
        nowhere = Api("nowhere", "", [Operation("*", "/", "unknown", _unknown, None)])
        self._inner.router.default = Endpoint(world, nowhere, nowhere.operations[0])

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        self.world.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["simulator.path"] = scope["path"]
            scope["path"] = scope["path"].rstrip("/") or "/"
        await self._inner(scope, receive, send)


def _unknown(call: Call) -> Reply:
    raise not_resolved()


def _mount(world: World, api: Api) -> Mount:
    for operation in api.operations:
        quota = operation.quota or api.quota
        if quota is not None:
            world.quotas.register(quota)
    routes = [
        Route(
            operation.path, Endpoint(world, api, operation), methods=[operation.method]
        )
        for operation in api.operations
    ]
    mount = Mount(api.prefix, routes=routes)
    unknown = Operation("*", "/", "unknown", _unknown, token=None)
    mount.app.default = Endpoint(world, api, unknown)
    return mount
