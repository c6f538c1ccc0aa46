"""The ASGI application: every API under its prefix, the controls under ``/_sim``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from .apis import all_apis
from .calls import Api, Call, Operation, Reply
from .control import control_api
from .errors import EbayError, not_resolved
from .pipeline import Endpoint
from .seed import fill_world, seed_world
from .settings import Settings
from .world import World


def create_app(settings: Settings | None = None) -> Application:
    """Build a simulator; ``.world`` of the result is its state."""
    world = World(settings or Settings())
    apis = all_apis()
    seed_world(world, apis)
    world.refill = lambda: fill_world(world, apis)
    return Application(world, [*apis, control_api()])


class Application:
    """The Starlette application behind a normalised path (no trailing slash)."""

    def __init__(self, world: World, apis: list[Api]) -> None:
        self.world = world
        routes = [_mount(world, api) for api in apis]
        nowhere = Api("nowhere", "", ())
        unknown = Operation("*", "/", "unknown", _unknown, token=None)
        not_allowed = Operation("*", "/", "unknown", _not_allowed, token=None)
        wrong_method = Endpoint(world, nowhere, not_allowed)
        self._inner = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            # An ASGI application will do as the response to an exception.
            exception_handlers={405: lambda request, error: wrong_method},
        )
        self._inner.router.default = Endpoint(world, nowhere, unknown)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.world.courier.start()
        yield
        await self.world.courier.stop()
        self.world.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["simulator.path"] = scope["path"]
            scope["path"] = scope["path"].rstrip("/") or "/"
        await self._inner(scope, receive, send)


def _unknown(call: Call) -> Reply:
    raise not_resolved()


def _not_allowed(call: Call) -> Reply:
    raise EbayError(405, 2002, "Resource not found", "Method not allowed.")


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
