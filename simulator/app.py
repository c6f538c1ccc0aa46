"""The ASGI application: every API under its prefix, the controls under ``/_sim``."""

from __future__ import annotations

from functools import cache

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from .apis import all_apis
from .calls import Api, Call, Handler, Operation, Reply
from .control import control_api
from .errors import EbayError, not_resolved
from .pipeline import WORLD, Endpoint
from .seed import fill_world, seed_world
from .settings import Settings
from .world import World


def create_app(settings: Settings | None = None) -> Application:
    """Build a simulator; ``.world`` of the result is its state."""
    world = World(settings or Settings())
    apis = all_apis()
    for api in apis:
        for operation in api.operations:
            quota = operation.quota or api.quota
            if quota is not None:
                world.quotas.register(quota)
    seed_world(world, apis)
    world.refill = lambda: fill_world(world, apis)
    return Application(world)


class Application:
    """The calls, with a world to act on; paths lose their trailing slash."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._calls = _all_calls()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        scope[WORLD] = self.world
        if scope["type"] == "http":
            scope["simulator.path"] = scope["path"]
            scope["path"] = scope["path"].rstrip("/") or "/"
        await self._calls(scope, receive, send)

    async def start(self) -> None:
        """Begin to deliver notifications."""
        self.world.courier.start()

    async def stop(self) -> None:
        """Stop delivering and let go of the state."""
        await self.world.courier.stop()
        self.world.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        """ASGI's lifespan."""
        await receive()
        await self.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})


@cache
def _all_calls() -> Starlette:
    """The router over all APIs and controls; the same one for every world."""
    routes = [_mount(api) for api in (*all_apis(), control_api())]
    nowhere = Api("nowhere", "", ())
    wrong_method = Endpoint(nowhere, _operation(_not_allowed))
    app = Starlette(
        routes=routes,
        # An ASGI application will do as the response to an exception.
        exception_handlers={405: lambda request, error: wrong_method},
    )
    app.router.default = Endpoint(nowhere, _operation(_unknown))
    return app


def _operation(handler: Handler) -> Operation:
    """What answers where no call of eBay's is."""
    return Operation("*", "/", "unknown", handler, token=None)


def _unknown(call: Call) -> Reply:
    raise not_resolved()


def _not_allowed(call: Call) -> Reply:
    raise EbayError(405, 2002, "Resource not found", "Method not allowed.")


def _mount(api: Api) -> Mount:
    routes = [
        Route(operation.path, Endpoint(api, operation), methods=[operation.method])
        for operation in api.operations
    ]
    mount = Mount(api.prefix, routes=routes)
    mount.app.default = Endpoint(api, _operation(_unknown))
    return mount
