"""Where each eBay API lives: hosts per environment, base path per API.

Source: the `servers` entries of eBay's OpenAPI documents and the guides "Using eBay
RESTful APIs" and "Getting the third-party consent".
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlsplit

from .errors import InvalidArgument

# API name -> (field of Hosts, base path)
API_BASES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "oauth": ("api", "/identity/v1/oauth2"),
        "identity": ("apiz", "/commerce/identity/v1"),
        "fulfillment": ("api", "/sell/fulfillment/v1"),
        "payment_disputes": ("apiz", "/sell/fulfillment/v1"),
        "inventory": ("api", "/sell/inventory/v1"),
        "account": ("api", "/sell/account/v1"),
        "metadata": ("api", "/sell/metadata/v1"),
        "taxonomy": ("api", "/commerce/taxonomy/v1"),
        "notification": ("api", "/commerce/notification/v1"),
        "analytics": ("api", "/developer/analytics/v1_beta"),
        "feed": ("api", "/sell/feed/v1"),
        "media": ("apim", "/commerce/media/v1_beta"),
        "trading": ("api", "/ws/api.dll"),
    }
)


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine (``localhost``, 127.0.0.0/8, ::1)."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_base(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    plain_ok = parts.scheme == "http" and is_loopback(host)
    if not host or not (parts.scheme == "https" or plain_ok):
        raise InvalidArgument(
            f"Not a usable eBay address: {url!r} must be https:// (http:// only for "
            "this machine)"
        )
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise InvalidArgument(f"Not a usable eBay address: {url!r} has extra parts")
    return url.rstrip("/")


@dataclass(frozen=True)
class Hosts:
    """Base URLs of one eBay environment.

    `api`, `apiz`, `apim` serve calls, `auth` serves the consent page. `overrides` maps
    an API name (a key of `API_BASES`) to a base URL of its own, should one API have to
    live elsewhere. Plain http is accepted for this machine only (a simulator).
    Raises `InvalidArgument` for anything else.
    """

    api: str
    apiz: str
    apim: str
    auth: str
    overrides: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("api", "apiz", "apim", "auth"):
            object.__setattr__(self, name, _checked_base(getattr(self, name)))
        unknown = set(self.overrides) - set(API_BASES)
        if unknown:
            raise InvalidArgument(f"Unknown eBay API: {', '.join(sorted(unknown))}")
        checked = {name: _checked_base(url) for name, url in self.overrides.items()}
        object.__setattr__(self, "overrides", MappingProxyType(checked))

    @classmethod
    def production(cls) -> "Hosts":
        """eBay's live environment."""
        return cls(
            api="https://api.ebay.com",
            apiz="https://apiz.ebay.com",
            apim="https://apim.ebay.com",
            auth="https://auth.ebay.com",
        )

    @classmethod
    def sandbox(cls) -> "Hosts":
        """eBay's sandbox: its own keysets, users and listings."""
        return cls(
            api="https://api.sandbox.ebay.com",
            apiz="https://apiz.sandbox.ebay.com",
            apim="https://apim.sandbox.ebay.com",
            auth="https://auth.sandbox.ebay.com",
        )

    @classmethod
    def all_at(cls, base_url: str) -> "Hosts":
        """Every API at one address, such as a simulator's."""
        return cls(api=base_url, apiz=base_url, apim=base_url, auth=base_url)

    def url(self, api: str, path: str = "") -> str:
        """The full URL of `path` (already quoted) in one API, a key of `API_BASES`."""
        host_field, base_path = API_BASES[api]
        base = self.overrides.get(api) or getattr(self, host_field)
        return f"{base}{base_path}{path}"

    @property
    def consent_page(self) -> str:
        """Where a seller grants consent (OAuth authorization code grant)."""
        return f"{self.auth}/oauth2/authorize"
