"""No secret stands in plain text, and no buyer in a server's log.

What is a secret is read from the database and decrypted with the server's own key;
eBay's codes and tokens, dead or alive, are known by how they begin. Who bought is read
from eBay's documents as they are stored.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from urllib.parse import quote

from cryptography.fernet import Fernet, MultiFernet

from scripts.tooling import databases, postgres
from scripts.tooling.paths import Problem
from scripts.tooling.servers import OdooServer

# The beginning of every code and token of eBay's, in an address too, and in an
# address that is the parameter of another.
TOKEN = re.compile(rb"v(?:\^|%5E|%255E)1\.1(?:#|%23|%2523)[^\s\"']{,30}", re.IGNORECASE)
_ENCRYPTED = (
    "SELECT value FROM ir_config_parameter WHERE key LIKE 'ebay_sync.secret.%' "
    "UNION ALL SELECT access_token FROM ebay_token WHERE access_token IS NOT NULL"
)
_APP_IDS = "SELECT app_ref FROM ebay_account WHERE app_ref IS NOT NULL"
KEY_VARIABLE = "EBAY_SYNC_ENCRYPTION_KEY"
_PEOPLE = (
    "SELECT DISTINCT jsonb_path_query(payload, path::jsonpath) #>> '{}' "
    "FROM ebay_order, unnest(ARRAY['$.**.fullName', '$.**.addressLine1', "
    "'$.**.phoneNumber', '$.**.email']) AS path WHERE payload IS NOT NULL"
)
SHORTEST = 6  # what is shorter is found anywhere
_ADDRESS_KEYS = "SELECT webhook_key FROM ebay_account"


def watch() -> None:
    """Have every server of this session inspected at its end."""
    if inspect not in OdooServer.inspections:
        OdooServer.inspections.append(inspect)


def inspect(server: OdooServer) -> None:
    """Raise Problem when a secret of the server stands where it must not."""
    for database in str(server.options.get("db_name", server.database)).split(","):
        everywhere, in_log = secrets(server, database)
        leaks = found(dump(database), everywhere)
        leaks += found(server.log.read_bytes(), everywhere | in_log)
        if leaks:
            shown = ", ".join(sorted({leak[:12] for leak in leaks}))
            raise Problem(
                f"{len(leaks)} secrets in plain text ({database}): {shown}..."
            )
        if told := named(server.log.read_bytes(), people(database)):
            shown = ", ".join(sorted(told)[:5])
            raise Problem(f"{len(told)} details of buyers in the log: {shown}")


def secrets(server: OdooServer, database: str) -> tuple[set[str], set[str]]:
    """What must be nowhere, and what must not be in the log (the addresses' keys)."""
    keys = encryption_keys(server)
    vault = MultiFernet([Fernet(key) for key in keys])
    values = databases.sql(_ENCRYPTED, database).split()
    opened = {vault.decrypt(value.encode()).decode() for value in values}
    clients = databases.sql(_APP_IDS, database).split()
    basic = {
        base64.b64encode(f"{client}:{secret}".encode()).decode()
        for client in clients
        for secret in opened
    }
    address_keys = set(databases.sql(_ADDRESS_KEYS, database).split())
    return opened | basic | set(keys), address_keys


def people(database: str) -> set[str]:
    """Every name, street, telephone and e-mail of those who bought."""
    found = databases.sql(_PEOPLE, database).splitlines()
    return {text.strip() for text in found if len(text.strip()) >= SHORTEST}


def named(log: bytes, texts: set[str]) -> list[str]:
    """Which of these a log tells: as they are, and as JSON and Python write them."""
    return [
        one
        for one in texts
        if any(
            way.encode() in log
            for way in {one, json.dumps(one)[1:-1], ascii(one)[1:-1]}
        )
    ]


def encryption_keys(server: OdooServer) -> list[str]:
    """The server's keys, the newest first: its variable's, else its key file's."""
    given = server.extra_environment.get(KEY_VARIABLE)
    stored = given or (server.runtime.data_dir / "ebay_sync.key").read_text()
    return stored.replace(",", " ").split()


def found(text: bytes, secret: set[str]) -> list[str]:
    """Which of these are in a text, and whatever looks like a token of eBay's."""
    known = [one for one in secret if any(way in text for way in _ways(one))]
    return known + [match.decode() for match in TOKEN.findall(text)]


def _ways(one: str) -> Iterator[bytes]:
    """As it is, in an address, and in an address that is part of another."""
    for _time in range(3):
        yield one.encode()
        one = quote(one, safe="")


def dump(database: str) -> bytes:
    """The data of a database, as a thief of its backup reads it."""
    command = [str(postgres.program("pg_dump")), "-w", "--data-only", database]
    environment = {**os.environ, **postgres.environment()}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    if b"ebay_sync.secret." not in done.stdout:
        raise Problem(f"{database}: the dump has no secrets, not even encrypted ones")
    return done.stdout
