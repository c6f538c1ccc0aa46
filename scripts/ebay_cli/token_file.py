"""Keeps tokens in a file that only its owner can read."""

import json
import os
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from ebay_api.oauth import OAuth, Token

from .settings import SettingsError

MARGIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Stored:
    """What the file holds: the user's token, who the user is, the app's token."""

    user: Token | None = None
    user_id: str = ""
    username: str = ""
    app: Token | None = None


class TokenFile:
    """Reads and writes `Stored`; the file has mode 0600, its directory 0700."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Stored:
        """What is stored; nothing if there is no file yet."""
        try:
            with self.path.open(encoding="utf-8") as file:
                if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise SettingsError(
                        f"Others can read {self.path}. Run: chmod 600 '{self.path}'"
                    )
                document = json.load(file)
            return Stored(
                user=_token(document.get("user")),
                user_id=document.get("user_id", ""),
                username=document.get("username", ""),
                app=_token(document.get("app")),
            )
        except FileNotFoundError:
            return Stored()
        except OSError as error:
            raise SettingsError(f"Cannot read {self.path}: {error.strerror}.") from None
        except (ValueError, AttributeError, KeyError, TypeError):
            raise SettingsError(
                f"{self.path} is damaged. Remove it and sign in again."
            ) from None

    def write(self, stored: Stored) -> None:
        """Replaces the file as a whole: a crash leaves the old or the new one."""
        try:
            self._write(stored)
        except OSError as error:
            raise SettingsError(
                f"Cannot write {self.path}: {error.strerror}."
            ) from None

    def _write(self, stored: Stored) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        document = {
            "user": _document(stored.user),
            "user_id": stored.user_id,
            "username": stored.username,
            "app": _document(stored.app),
        }
        # mkstemp makes the file with mode 0600 from the first moment.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".tokens-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(document, file, indent=1)
            os.replace(name, self.path)
        except BaseException:
            os.unlink(name)
            raise

    def remove(self) -> None:
        """Forgets everything."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsError(
                f"Cannot remove {self.path}: {error.strerror}."
            ) from None


class FileTokens:
    """A token source for `EbayClient` on top of a `TokenFile`."""

    def __init__(
        self, file: TokenFile, oauth: OAuth, clock: Callable[[], datetime]
    ) -> None:
        self._file = file
        self._oauth = oauth
        self._clock = clock

    def user_token(self) -> str:
        """The stored access token, a fresh one when it is about to end."""
        user = self._signed_in()
        if user.expires_at - self._clock() > MARGIN:
            return user.access_token
        return self._refresh(user)

    def app_token(self) -> str:
        """The stored application token, a fresh one when it is about to end."""
        app = self._file.read().app
        if app and app.expires_at - self._clock() > MARGIN:
            return app.access_token
        return self._new_app_token()

    def renew(self, kind: Literal["user", "app"], rejected: str) -> str:
        """A token other than the rejected one."""
        if kind == "app":
            return self._new_app_token()
        user = self._signed_in()
        if user.access_token != rejected:
            return user.access_token
        return self._refresh(user)

    def _signed_in(self) -> Token:
        user = self._file.read().user
        if user is None or not user.refresh_token:
            raise SettingsError("Nobody is signed in. Run: scripts/ebay login")
        return user

    def _refresh(self, user: Token) -> str:
        fresh = self._oauth.refresh(user.refresh_token or "", user.scopes)
        if not fresh.refresh_token:
            fresh = replace(
                fresh,
                refresh_token=user.refresh_token,
                refresh_expires_at=user.refresh_expires_at,
            )
        self._file.write(replace(self._file.read(), user=fresh))
        return fresh.access_token

    def _new_app_token(self) -> str:
        app = self._oauth.app_token()
        self._file.write(replace(self._file.read(), app=app))
        return app.access_token


def _document(token: Token | None) -> dict | None:
    if token is None:
        return None
    ends = token.refresh_expires_at
    return {
        "access_token": token.access_token,
        "expires_at": token.expires_at.isoformat(),
        "refresh_token": token.refresh_token,
        "refresh_expires_at": ends.isoformat() if ends else None,
        "scopes": list(token.scopes),
    }


def _token(document: dict | None) -> Token | None:
    if not document:
        return None
    ends = document["refresh_expires_at"]
    return Token(
        access_token=document["access_token"],
        expires_at=datetime.fromisoformat(document["expires_at"]),
        refresh_token=document["refresh_token"],
        refresh_expires_at=datetime.fromisoformat(ends) if ends else None,
        scopes=tuple(document["scopes"]),
    )
