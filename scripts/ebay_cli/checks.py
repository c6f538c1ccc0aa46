"""ping, health, limits: does eBay answer, and how much of its quotas is left."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ebay_api.client import EbayClient
from ebay_api.errors import EbayError, Rejected

from .context import Context
from .settings import SettingsError

CLOCK_TOLERANCE = timedelta(seconds=30)
CONSENT_WARNING = timedelta(days=30)


@dataclass(frozen=True)
class Probe:
    """One harmless reading call per API, and the permission it needs."""

    api: str
    scope: str
    call: Callable[[EbayClient], object]
    expected: str = ""  # the error id that is a good answer to this call


PROBES = (
    Probe("identity", "commerce.identity.readonly", lambda c: c.identity.get_user()),
    Probe(
        "fulfillment",
        "sell.fulfillment",
        lambda c: c.fulfillment.get_orders(limit=1),
    ),
    Probe(
        "inventory",
        "sell.inventory",
        lambda c: next(c.inventory.item_pages(limit=1)),
    ),
    Probe("account", "sell.account", lambda c: c.account.get_privileges()),
    Probe(
        "taxonomy",
        "(application)",
        lambda c: c.taxonomy.get_default_category_tree_id(),
    ),
    Probe("metadata", "(application)", lambda c: c.metadata.get_currencies()),
    Probe(
        "notification",
        "(application)",
        lambda c: next(c.notification.topic_pages(limit=10)),
    ),
    Probe("analytics", "(application)", lambda c: c.analytics.get_rate_limits()),
    Probe("trading", "sell.*", lambda c: c.trading.get_user_preferences()),
    Probe(
        "feed",
        "sell.inventory",
        lambda c: c.feed.get_inventory_tasks("LMS_ACTIVE_INVENTORY_REPORT", limit=10),
    ),
    Probe("media", "sell.inventory", lambda c: c.media.get_image("0"), "190200"),
)


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Registers the commands of this file."""
    ping = commands.add_parser("ping", help="one reading call to every API")
    ping.add_argument(
        "apis", nargs="*", metavar="API", help=", ".join(p.api for p in PROBES)
    )
    ping.set_defaults(run=run_ping)
    health = commands.add_parser("health", help="is everything in order?")
    health.set_defaults(run=run_health)
    limits = commands.add_parser("limits", help="what is left of eBay's quotas")
    limits.add_argument("--all", action="store_true", help="unused ones too")
    limits.set_defaults(run=run_limits)


def run_ping(context: Context, options: argparse.Namespace) -> int:
    """Calls each API once; 1 if any fails."""
    names = [probe.api for probe in PROBES]
    unknown = [name for name in options.apis if name not in names]
    if unknown:
        raise SettingsError(
            f"Unknown API: {', '.join(unknown)}. Try: {', '.join(names)}"
        )
    client, failed = context.client(), False
    for probe in PROBES:
        if options.apis and probe.api not in options.apis:
            continue
        fault = _fault(probe, client)
        failed = failed or fault is not None
        last = context.records[-1] if context.records else None
        facts = (
            f"{last.duration * 1000:5.0f} ms  [{last.request_id or '-'}]"
            if last
            else ""
        )
        verdict = "BAD" if fault else "ok"
        context.say(f"{verdict:4}{probe.api:13}{probe.scope:27}{facts}")
        if fault:
            context.say(f"    {fault}")
    return 1 if failed else 0


def run_health(context: Context, options: argparse.Namespace) -> int:
    """Settings, consent, reachability and clock, one line each; 1 if any is bad."""
    bad = False
    for name, fault in _findings(context):
        bad = bad or fault is not None
        context.say(
            f"{'BAD' if fault else 'ok':4}{name}{f': {fault}' if fault else ''}"
        )
    return 1 if bad else 0


def run_limits(context: Context, options: argparse.Namespace) -> int:
    """The keyset's quotas, those in use first."""
    reply = context.client().analytics.get_rate_limits()
    shown = 0
    for limit in reply.get("rateLimits", ()):
        for resource in limit.get("resources", ()):
            for rate in resource.get("rates", ()):
                total, left = rate.get("limit"), rate.get("remaining")
                if not options.all and total == left:
                    continue
                shown += 1
                context.say(
                    f"{limit.get('apiName', ''):18}{resource.get('name', ''):32}"
                    f"{left} of {total} left, "
                    f"reset {rate.get('reset', '-')}"
                )
    if not shown:
        context.say("No quota has been touched. Show all with: limits --all")
    return 0


def _findings(context: Context) -> Iterator[tuple[str, str | None]]:
    try:
        context.settings.keyset()
        stored = context.token_file.read()
    except SettingsError as error:
        yield "settings", str(error)
        return
    yield "settings", None
    if stored.user is None:
        yield "signed in", "no. Run: scripts/ebay login"
        return
    yield "signed in", None
    now = context.transport.clock()
    ends = stored.user.refresh_expires_at
    if ends and ends - now < CONSENT_WARNING:
        yield "consent", f"ends {ends:%Y-%m-%d}. Run: scripts/ebay login"
    else:
        yield "consent", None
    client = context.client()
    for probe in PROBES:
        yield probe.api, _fault(probe, client)
    yield "clock", _clock_fault(context, client)


def _fault(probe: Probe, client: EbayClient) -> str | None:
    """What is wrong with an API, or None."""
    try:
        probe.call(client)
    except Rejected as error:
        return None if error.has(probe.expected) else error.message
    except EbayError as error:
        return error.message
    return None


def _clock_fault(context: Context, client: EbayClient) -> str | None:
    try:
        text = str(client.trading.get_user_preferences().get("Timestamp", ""))
        theirs = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (EbayError, ValueError):
        return "eBay's time cannot be read"
    apart = abs(context.transport.clock() - theirs)
    if apart <= CLOCK_TOLERANCE:
        return None
    return f"{apart.total_seconds():.0f} s apart from eBay's; set this machine's clock"
