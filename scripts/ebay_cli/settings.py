"""Where the tool finds keys, hosts and tokens: options first, then the environment."""

import argparse
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ebay_api.hosts import Hosts
from ebay_api.oauth import Keyset

ENVIRONMENTS = ("sandbox", "production")


class SettingsError(Exception):
    """Something the user has to set; the message says what and how."""


@dataclass(frozen=True)
class Settings:
    """What all commands share."""

    environment: str
    hosts: Hosts
    marketplace: str
    token_file: Path
    client_id: str
    client_secret: str
    ru_name: str

    def keyset(self) -> Keyset:
        """The application's keys; `SettingsError` names what is missing."""
        missing = [
            name
            for name, value in (
                ("EBAY_CLIENT_ID", self.client_id),
                ("EBAY_CLIENT_SECRET", self.client_secret),
            )
            if not value
        ]
        if missing:
            raise SettingsError(
                f"Not set: {' and '.join(missing)}. eBay shows both under "
                "developer.ebay.com, Application Keys."
            )
        return Keyset(self.client_id, self.client_secret, self.ru_name)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every command takes."""
    parser.add_argument(
        "--environment",
        choices=ENVIRONMENTS,
        help="which eBay (EBAY_ENVIRONMENT; default sandbox)",
    )
    parser.add_argument(
        "--base-url", help="a simulator that serves every API (EBAY_BASE_URL)"
    )
    parser.add_argument("--client-id", help="App ID of the keyset (EBAY_CLIENT_ID)")
    parser.add_argument("--ru-name", help="RuName of the keyset (EBAY_RU_NAME)")
    parser.add_argument(
        "--marketplace", help="such as EBAY_DE, the default (EBAY_MARKETPLACE)"
    )
    parser.add_argument(
        "--profile", help="which of several accounts (EBAY_PROFILE; default main)"
    )


def read_settings(options: argparse.Namespace, env: Mapping[str, str]) -> Settings:
    """Options and environment as `Settings`. The client secret is taken from the
    environment only: options can be seen by everybody on the machine."""

    def value(name: str, default: str = "") -> str:
        given = getattr(options, name, None)
        return given or env.get(f"EBAY_{name.upper()}", "") or default

    environment = value("environment", "sandbox")
    if environment not in ENVIRONMENTS:
        raise SettingsError(
            f"EBAY_ENVIRONMENT is {environment!r}; it takes sandbox or production."
        )
    base_url, profile = value("base_url"), value("profile", "main")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", profile):
        raise SettingsError("A profile's name takes letters, digits, - and _ only.")
    if base_url:
        hosts, place = Hosts.all_at(base_url), "simulator"
    elif environment == "production":
        hosts, place = Hosts.production(), environment
    else:
        hosts, place = Hosts.sandbox(), environment
    return Settings(
        environment=place,
        hosts=hosts,
        marketplace=value("marketplace", "EBAY_DE"),
        token_file=_config_directory(env) / f"tokens-{place}-{profile}.json",
        client_id=value("client_id"),
        client_secret=env.get("EBAY_CLIENT_SECRET", ""),
        ru_name=value("ru_name"),
    )


def _config_directory(env: Mapping[str, str]) -> Path:
    base = env.get("XDG_CONFIG_HOME", "")
    root = Path(base) if os.path.isabs(base) else Path.home() / ".config"
    return root / "ebay_sync"
