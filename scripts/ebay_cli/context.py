"""What a command works with: settings, the client, the token file, a way to speak."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from ebay_api.calls import CallRecord
from ebay_api.client import EbayClient
from ebay_api.oauth import OAuth
from ebay_api.transport import Transport

from .settings import Settings
from .token_file import FileTokens, TokenFile


@dataclass
class Context:
    """Built once per run; commands get it as their only argument beside options."""

    settings: Settings
    out: TextIO
    ask: Callable[[str], str]
    open_browser: Callable[[str], bool]

    def __post_init__(self) -> None:
        self.records: list[CallRecord] = []
        self.transport = Transport(listener=self.records.append)
        self.token_file = TokenFile(self.settings.token_file)

    def say(self, text: str = "") -> None:
        """Writes a line for the user."""
        print(text, file=self.out)

    def oauth(self) -> OAuth:
        """OAuth with the keyset of the settings."""
        return OAuth(self.settings.hosts, self.settings.keyset(), self.transport)

    def client(self) -> EbayClient:
        """A client that only reads: this tool changes nothing at the shop."""
        tokens = FileTokens(self.token_file, self.oauth(), self.transport.clock)
        return EbayClient(
            self.settings.hosts,
            tokens,
            self.transport,
            self.settings.marketplace,
            read_only=True,
        )
