"""Arguments in, one command run, an exit code out: 0 fine, 1 not fine, 2 wrong use."""

import argparse
import logging
import os
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from ebay_api.errors import (
    AuthError,
    EbayError,
    Forbidden,
    InvalidArgument,
    RateLimited,
)

from . import checks, orders, sign_in, webhook
from .context import Context
from .settings import SettingsError, add_options, read_settings


def main(
    arguments: Sequence[str] | None = None,
    *,
    env: Mapping[str, str] = os.environ,
    out: TextIO | None = None,
    ask: Callable[[str], str] = input,
    open_browser: Callable[[str], bool] = webbrowser.open,
) -> int:
    """Runs one command and returns the exit code."""
    options = _parser().parse_args(arguments)
    out = out or sys.stdout
    logging.basicConfig(level=logging.ERROR)
    try:
        settings = read_settings(options, env)
        return options.run(Context(settings, out, ask, open_browser), options)
    except SettingsError as error:
        print(error, file=out)
        return 2
    except InvalidArgument as error:
        print(f"{error.message}.", file=out)
        return 2
    except EbayError as error:
        for line in explain(error):
            print(line, file=out)
        return 1
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, EOFError):
        print("\nStopped.", file=out)
        return 130


def explain(error: EbayError) -> list[str]:
    """An error in plain sentences: what happened, what to do, what to tell eBay."""
    lines = [error.message if error.message.endswith(".") else f"{error.message}."]
    if isinstance(error, RateLimited):
        lines.append(f"Wait until {error.until:%Y-%m-%d %H:%M:%S} UTC.")
    consent = isinstance(error, (AuthError, Forbidden))
    if consent and not error.has("invalid_client"):
        lines.append("Sign in again with: scripts/ebay login")
    if error.request_id:
        lines.append(f"eBay's request id: {error.request_id}")
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/ebay",
        description="eBay without Odoo: sign in, look at orders, check webhooks. It "
        "changes nothing at the shop.",
        epilog="The client secret is read from EBAY_CLIENT_SECRET.",
    )
    add_options(parser)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (sign_in, checks, orders, webhook):
        module.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
