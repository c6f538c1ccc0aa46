"""The simulator's state: JSON documents in memory, written through to SQLite.

Reads are dictionary look-ups. Writes are collected and committed by the request
pipeline before the answer leaves, so an acknowledged write survives ``kill -9``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


class Collection:
    """Documents of one kind by key, in the order in which they were first put.

    ``get`` returns the stored object itself: change it, then ``put`` it back, or the
    change is not written.
    """

    def __init__(self, store: Store, kind: str) -> None:
        self._store = store
        self._kind = kind
        self._documents: dict[str, Document] = dict(store.read(kind))

    def get(self, key: str) -> Document | None:
        """The document under this key, or None."""
        return self._documents.get(key)

    def put(self, key: str, document: Document) -> Document:
        """Store the document under the key; written at the next commit."""
        self._documents[key] = document
        self._store.mark(self._kind, key)
        return document

    def delete(self, key: str) -> Document | None:
        """Remove and return the document, or None when there was none."""
        document = self._documents.pop(key, None)
        if document is not None:
            self._store.mark(self._kind, key)
        return document

    def keys(self) -> list[str]:
        """All keys; a copy, safe to iterate while writing."""
        return list(self._documents)

    def values(self) -> list[Document]:
        """All documents; a copy of the list, not of the documents."""
        return list(self._documents.values())

    def items(self) -> list[tuple[str, Document]]:
        """All keys with their documents; a copy of the list."""
        return list(self._documents.items())

    def oldest(self) -> tuple[str, Document] | None:
        """The key and document that were put first, or None when empty."""
        return next(iter(self._documents.items()), None)

    def clear(self) -> None:
        """Remove every document."""
        for key in self.keys():
            self.delete(key)

    def __contains__(self, key: str) -> bool:
        return key in self._documents

    def __len__(self) -> int:
        return len(self._documents)


class Store:
    """A SQLite file (or a private temporary one) with all collections."""

    def __init__(self, path: str | None = None) -> None:
        # An empty name is SQLite's own temporary file, deleted on close.
        self.database = sqlite3.connect(path or "", check_same_thread=False)
        """For tables beside the documents; ``commit`` ends their transaction too."""
        self.database.execute("PRAGMA journal_mode=WAL")
        # What a process has handed to the operating system survives its death.
        self.database.execute("PRAGMA synchronous=OFF")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS document "
            "(kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))"
        )
        self._collections: dict[str, Collection] = {}
        self._dirty: dict[tuple[str, str], None] = {}

    def collection(self, kind: str) -> Collection:
        """The collection of that kind, read from the file at the first use."""
        found = self._collections.get(kind)
        if found is None:
            found = self._collections[kind] = Collection(self, kind)
        return found

    def read(self, kind: str) -> Iterator[tuple[str, Document]]:
        """The stored documents of one kind, oldest first."""
        rows = self.database.execute(
            "SELECT key, body FROM document WHERE kind = ? ORDER BY rowid", (kind,)
        )
        for key, body in rows:
            yield key, json.loads(body)

    def mark(self, kind: str, key: str) -> None:
        """Note that a document changed or went; the next commit writes it."""
        self._dirty[kind, key] = None

    def commit(self) -> None:
        """Write everything noted since the last commit, in one transaction."""
        if self._dirty:
            self._write()
        if self.database.in_transaction:
            self.database.commit()

    def _write(self) -> None:
        changed, gone = [], []
        for kind, key in self._dirty:
            document = self._collections[kind].get(key)
            if document is None:
                gone.append((kind, key))
            else:
                changed.append((kind, key, json.dumps(document)))
        self.database.executemany(
            "INSERT INTO document (kind, key, body) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            changed,
        )
        self.database.executemany(
            "DELETE FROM document WHERE kind = ? AND key = ?", gone
        )
        self._dirty.clear()

    def clear(self) -> None:
        """Forget everything, in memory and in every table."""
        for collection in self._collections.values():
            collection._documents.clear()
        self._dirty.clear()
        tables = self.database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (name,) in tables:
            self.database.execute(f'DELETE FROM "{name}"')

    def close(self) -> None:
        """Commit and let go of the file."""
        self.commit()
        self.database.close()
