"""Encrypts what must not stand in the database in plain text.

The key never lies in the database. It is looked for in this order:

1. the environment variable ``EBAY_SYNC_ENCRYPTION_KEY``;
2. the option ``ebay_sync_encryption_key`` of ``odoo.conf``;
3. the file ``ebay_sync.key`` in Odoo's data directory, which is made with mode 0600
   when there is none.

Several keys may stand beside each other, separated by commas: the first encrypts, all
decrypt. That is how a key is rotated.
"""

import logging
import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

_logger = logging.getLogger(__name__)

ENVIRONMENT_VARIABLE = "EBAY_SYNC_ENCRYPTION_KEY"
CONFIG_OPTION = "ebay_sync_encryption_key"
KEY_FILE = "ebay_sync.key"


class VaultError(Exception):
    """The key is missing, malformed, or not the one that encrypted the secret."""


def key_source():
    """Where the key comes from: ``environment``, ``configuration`` or ``file``."""
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return "environment"
    return "configuration" if config.get(CONFIG_OPTION) else "file"


def key_file():
    """The path of the key file in Odoo's data directory; it may not exist yet."""
    return Path(config["data_dir"]) / KEY_FILE


def _new_key_file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    # a name of its own (mode 0600): neither another thread's nor what a kill left,
    # for in a container a process has the same number after every start
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another worker was faster: its key counts
        _logger.info("A new key for eBay's secrets was written to %s", path)
    except FileExistsError:
        _logger.debug("Another worker wrote %s first", path)
    finally:
        os.unlink(draft)


def _key_text(create):
    source = key_source()
    if source == "environment":
        return os.environ[ENVIRONMENT_VARIABLE]
    if source == "configuration":
        return config[CONFIG_OPTION]
    path = key_file()
    if not path.exists():
        if not create:
            raise VaultError(f"The key file {path} is missing.")
        _new_key_file(path)
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise VaultError(f"The key file {path} cannot be read.") from error


def _keys(create=False):
    keys = [part.strip() for part in _key_text(create).replace("\n", ",").split(",")]
    try:
        fernets = [Fernet(key.encode()) for key in keys if key]
    except ValueError as error:
        raise VaultError(
            f"The encryption key from the {key_source()} is no Fernet key."
        ) from error
    if not fernets:
        raise VaultError(f"The encryption key from the {key_source()} is empty.")
    return fernets


def _fernet(create=False):
    return MultiFernet(_keys(create))


def is_readable_by_others():
    """Whether the key lies in a file that other users of the machine may read."""
    path = key_file()
    return key_source() == "file" and path.exists() and path.stat().st_mode & 0o077 != 0


def is_newest(ciphertext):
    """Whether the first key made this. Raises VaultError when no key did."""
    try:
        _keys()[0].decrypt(ciphertext.encode())
    except (InvalidToken, UnicodeError):
        decrypt(ciphertext)
        return False
    return True


def encrypt(text):
    """Text in, printable ciphertext out. Raises VaultError without a usable key."""
    return _fernet(create=True).encrypt(text.encode()).decode()


def decrypt(ciphertext):
    """The text again. Raises VaultError when no key that is known made it."""
    try:
        return _fernet().decrypt(ciphertext.encode()).decode()
    except (InvalidToken, UnicodeError) as error:
        raise VaultError(
            "The secret was encrypted with a key that is no longer here."
        ) from error


def rotate(ciphertext):
    """The same secret, encrypted with the first key. Raises VaultError."""
    try:
        return _fernet().rotate(ciphertext.encode()).decode()
    except InvalidToken as error:
        raise VaultError(
            "The secret was encrypted with a key that is no longer here."
        ) from error
