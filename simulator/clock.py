"""The simulator's time: the real one, shifted, or standing still."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .store import Store


def to_text(moment: datetime) -> str:
    """eBay's form of a time: UTC, milliseconds, ``Z``."""
    moment = moment.astimezone(timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """A time as eBay or ISO 8601 writes it; without a zone it is UTC.

    :raises ValueError: not a time.
    """
    moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


class Clock:
    """Tells the time to everything that dates, expires or ages; kept in the store."""

    def __init__(self, store: Store) -> None:
        self._settings = store.collection("setting")
        self.load()

    def load(self) -> None:
        """Take over what the store says."""
        saved = self._settings.get("clock") or {}
        self._shift = timedelta(seconds=saved.get("shift", 0.0))
        frozen = saved.get("frozen")
        self._frozen = from_text(frozen) if frozen else None

    def _save(self) -> None:
        frozen = self._frozen.isoformat() if self._frozen else None
        shift = self._shift.total_seconds()
        self._settings.put("clock", {"shift": shift, "frozen": frozen})

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        if self._frozen is not None:
            return self._frozen
        return datetime.now(timezone.utc) + self._shift

    def text(self) -> str:
        """The present moment in eBay's form."""
        return to_text(self.now())

    def set(self, moment: datetime, freeze: bool = False) -> None:
        """Set it to that moment; time runs on from there unless frozen."""
        self._shift = moment - datetime.now(timezone.utc)
        self._frozen = moment if freeze else None
        self._save()

    def advance(self, seconds: float) -> None:
        """Move on (or back, when negative); a frozen clock stays frozen."""
        step = timedelta(seconds=seconds)
        self._shift += step
        if self._frozen is not None:
            self._frozen += step
        self._save()

    def real(self) -> None:
        """Back to the machine's time."""
        self._shift = timedelta()
        self._frozen = None
        self._save()

    def describe(self) -> dict[str, object]:
        """For the control API."""
        return {
            "now": self.text(),
            "shift": self._shift.total_seconds(),
            "frozen": self._frozen is not None,
        }
