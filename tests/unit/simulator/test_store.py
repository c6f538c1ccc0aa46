"""State: what is committed is there again, in the same order."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from simulator.store import Store


def test_committed_documents_survive_in_order(tmp_path: Path):
    path = str(tmp_path / "state.sqlite")
    store = Store(path)
    things = store.collection("thing")
    things.put("b", {"n": 1})
    things.put("a", {"n": 2})
    things.put("b", {"n": 3})
    things.put("c", {"n": 4})
    things.delete("c")
    store.commit()
    # No close: the process may be killed at any moment after a commit.
    again = Store(path).collection("thing")
    assert again.items() == [("b", {"n": 3}), ("a", {"n": 2})]


def test_uncommitted_documents_do_not_survive(tmp_path: Path):
    path = str(tmp_path / "state.sqlite")
    store = Store(path)
    store.collection("thing").put("a", {})
    assert len(Store(path).collection("thing")) == 0


def test_a_changed_document_is_written_when_put_again(tmp_path: Path):
    path = str(tmp_path / "state.sqlite")
    store = Store(path)
    document = store.collection("thing").put("a", {"n": 1})
    store.commit()
    document["n"] = 2
    store.collection("thing").put("a", document)
    store.commit()
    assert Store(path).collection("thing").get("a") == {"n": 2}


def test_commit_ends_the_transaction_of_other_tables(tmp_path: Path):
    path = str(tmp_path / "state.sqlite")
    store = Store(path)
    store.database.execute("CREATE TABLE beside (n INTEGER)")
    store.database.execute("INSERT INTO beside VALUES (7)")
    store.commit()
    assert sqlite3.connect(path).execute("SELECT n FROM beside").fetchall() == [(7,)]


def test_clear_empties_documents_and_tables():
    store = Store()
    store.database.execute("CREATE TABLE beside (n INTEGER)")
    store.database.execute("INSERT INTO beside VALUES (7)")
    store.collection("thing").put("a", {})
    store.commit()
    store.clear()
    store.commit()
    assert len(store.collection("thing")) == 0
    assert store.database.execute("SELECT * FROM beside").fetchall() == []
