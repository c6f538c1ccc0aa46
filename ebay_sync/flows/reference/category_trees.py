"""A category tree at eBay -> stored categories, in batches that can stop anywhere.

The stored tree is compared with the fetched one and only differences are written, from
the top down. The tree's version is written last: after a slice that ran out of time, or
a kill, the next run compares again and continues where the writing ended.
"""

from collections import defaultdict
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ...compat import advisory_lock
from ...mapping.reference.category import (
    last_successors,
    map_category_tree,
    map_expired,
    map_tree_version,
)

BATCH = 2000


class Row(NamedTuple):
    """A stored category, as far as it is compared."""

    id: int
    parent_id: int | None
    name: str
    complete_name: str
    is_leaf: bool
    expired: bool
    successor_id: int | None


class CategoryTrees:
    """Brings the category trees of a run's account up to date, one by one."""

    def __init__(self, run):
        self.run = run
        self.env = run.env
        self.environment = run.account.environment

    def bring_up_to_date(self, place):
        """The default tree of one marketplace; fetched when its version is new.

        Returns what could not be used of eBay's answers. Sets ``run.more`` when the
        time ran out. Trees are shared by all accounts: the one that another worker is
        writing is left to it.
        """
        taxonomy = self.run.client.taxonomy
        current = map_tree_version(taxonomy.get_default_category_tree_id(place.code))
        tree = self._tree(current.ref)
        dropped = ()
        if not tree or tree.version != current.version:
            key = ("category_tree", self.environment, current.ref)
            with advisory_lock(self.env, *key) as free:
                if not free:
                    self.run.counts["skipped"] += 1
                    return ()
                dropped = self._fetch(current)
            tree = self._tree(current.ref)
        else:
            self.run.counts["seen"] += 1
            self.run.counts["unchanged"] += 1
        self._link(tree, place)
        return dropped

    def _tree(self, ref):
        return self.env["ebay.category.tree"].search(
            [("environment", "=", self.environment), ("tree_ref", "=", ref)]
        )

    def _link(self, tree, place):
        """A marketplace has one default tree, and may change it."""
        if place in tree.marketplace_ids:
            return
        others = self.env["ebay.category.tree"].search(
            [
                ("environment", "=", self.environment),
                ("marketplace_ids", "in", place.ids),
            ]
        )
        for other in others:
            other.marketplace_ids -= place
        tree.marketplace_ids += place

    # -- one tree --------------------------------------------------------------

    def _fetch(self, current):
        """Fetch and store a tree; the caller holds its lock."""
        self.run.save()  # from here on we see what the lock's last holder committed
        tree = self._tree(current.ref) or self.env["ebay.category.tree"].create(
            {"environment": self.environment, "tree_ref": current.ref}
        )
        if tree.version == current.version:
            return ()
        document = self.run.client.taxonomy.get_category_tree(current.ref)
        fetched = map_category_tree(document, current.ref)
        stored = self._stored(tree)
        for count in self._write(tree, fetched, stored):
            if not self.run.save(count):
                self.run.more = True
                return ()
        dropped = fetched.dropped + self._map_expired(tree, stored)
        self._finish(tree, fetched.version or current.version, stored)
        return dropped

    def _stored(self, tree):
        """The stored categories of a tree, ``{eBay's id: Row}``."""
        rows = self.env.execute_query(
            SQL(
                "SELECT category_ref, id, parent_id, name, complete_name, is_leaf, "
                "expired_at IS NOT NULL, successor_id "
                "FROM ebay_category WHERE tree_id = %s",
                tree.id,
            )
        )
        return {ref: Row(*values) for ref, *values in rows}

    def _write(self, tree, fetched, stored):
        """Write the differences level by level; yields the size of every batch.

        From the top down, a category's parent is always there, and has its final
        place: no move can go through a circle.
        """
        present = set()
        for level in fetched.levels:
            present.update(category.ref for category in level)
            new = [category for category in level if category.ref not in stored]
            old = [category for category in level if category.ref in stored]
            self.run.counts["seen"] += len(level)
            yield from self._create(tree, new, stored)
            yield from self._update(old, stored)
        if fetched.complete:
            yield from self._expire(present, stored)

    def _create(self, tree, categories, stored):
        Category = self.env["ebay.category"]
        for batch in _batches(categories):
            values = [_values(category, stored) for category in batch]
            records = Category.create([{**vals, "tree_id": tree.id} for vals in values])
            for category, vals, record_id in zip(
                batch, values, records.ids, strict=True
            ):
                stored[category.ref] = _row(record_id, vals)
            self.run.counts["created"] += len(batch)
            yield len(batch)

    def _update(self, categories, stored):
        changed = []
        for category in categories:
            row, values = stored[category.ref], _values(category, stored)
            if row.expired:
                values["expired_at"] = values["successor_id"] = False
            elif _row(row.id, values, row.successor_id) == row:
                continue
            changed.append((category.ref, row, values))
        self.run.counts["unchanged"] += len(categories) - len(changed)
        for batch in _batches(changed):
            self._move(batch)
            for ref, row, values in batch:
                values.pop("parent_id")
                self.env["ebay.category"].browse(row.id).write(values)
                stored[ref] = stored[ref]._replace(expired=False)
            self.run.counts["updated"] += len(batch)
            yield len(batch)

    def _move(self, batch):
        """Move categories below their new parents, all of one parent together."""
        moves = defaultdict(list)
        for _ref, row, values in batch:
            if (row.parent_id or False) != values["parent_id"]:
                moves[values["parent_id"]].append(row.id)
        for parent_id, ids in moves.items():
            self.env["ebay.category"].browse(ids).write({"parent_id": parent_id})

    # -- what is gone ----------------------------------------------------------

    def _expire(self, present, stored):
        gone = [
            ref for ref, row in stored.items() if ref not in present and not row.expired
        ]
        now = fields.Datetime.now()
        for batch in _batches(gone):
            ids = [stored[ref].id for ref in batch]
            self.env["ebay.category"].browse(ids).write({"expired_at": now})
            for ref in batch:
                stored[ref] = stored[ref]._replace(expired=True)
            self.run.counts["updated"] += len(batch)
            yield len(batch)

    def _map_expired(self, tree, stored):
        """Name the successors of expired categories; asked for when there are any."""
        expired = {ref: row for ref, row in stored.items() if row.expired}
        if not expired:
            return ()
        entries = map_expired(
            self.run.client.taxonomy.get_expired_categories(tree.tree_ref)
        )
        refs = {row.id: ref for ref, row in stored.items()}
        links = {
            ref: refs[row.successor_id]
            for ref, row in expired.items()
            if row.successor_id in refs
        }
        links.update(entries.by_ref)
        # a category that exists has no successor, whatever the list says
        ends = last_successors(
            {
                ref: successor
                for ref, successor in links.items()
                if ref in expired or ref not in stored
            }
        )
        for ref, row in expired.items():
            successor = stored.get(ends.get(ref))
            if successor and successor.id != row.successor_id:
                self.env["ebay.category"].browse(row.id).successor_id = successor.id
        return entries.dropped

    def _finish(self, tree, version, stored):
        before = {"version": tree.version, "category_count": tree.category_count}
        after = {
            "version": version,
            "category_count": sum(not row.expired for row in stored.values()),
        }
        tree.write({**after, "fetched_at": fields.Datetime.now()})
        self.run.line(
            "updated" if before["version"] else "created",
            tree,
            changes={name: [before[name], after[name]] for name in after},
        )


def _values(category, stored):
    """A fetched category as values of ``ebay.category``; its parent is stored."""
    parent = stored[category.parent_ref].id if category.parent_ref else False
    return {
        "category_ref": category.ref,
        "parent_id": parent,
        "name": category.name,
        "complete_name": category.path,
        "is_leaf": category.is_leaf,
    }


def _row(record_id, values, successor_id=None):
    return Row(
        record_id,
        values["parent_id"] or None,
        values["name"],
        values["complete_name"],
        values["is_leaf"],
        False,
        successor_id,
    )


def _batches(entries):
    return [entries[start : start + BATCH] for start in range(0, len(entries), BATCH)]
