"""Makes stored records show what eBay has, writing only what differs."""


def upsert(run, stored, key, wanted, complete=True):
    """Let ``stored`` (archived ones included) show ``wanted``: {eBay's id: values}.

    ``key`` is the field with eBay's id; the values hold it and whatever else a new
    record needs. A record that eBay no longer has is archived, but only when
    ``wanted`` is ``complete``. Counts and log lines are ``run``'s.
    """
    by_ref = {record[key]: record for record in stored}
    changed = []
    for ref, record in by_ref.items():
        if ref in wanted or complete:
            values = {**wanted.get(ref, {}), "active": ref in wanted}
            changed.append((record, write_changes(record, values)))
    created = stored.create(
        [values for ref, values in wanted.items() if ref not in by_ref]
    )
    run.env.flush_all()  # what the database refuses is not counted
    run.counts["seen"] += len(wanted)
    run.counts["created"] += len(created)
    for record in created:
        run.line("created", record)
    for record, changes in changed:
        run.counts["updated" if changes else "unchanged"] += 1
        if changes:
            run.line("updated", record, changes=changes)


def write_changes(record, values):
    """Write those of ``values`` that differ; returns ``{field: [before, after]}``."""
    changes = {}
    for name, after in values.items():
        before = record._fields[name].convert_to_write(record[name], record)
        if before != after and (before or after):
            changes[name] = [before, after]
    if changes:
        record.write({name: after for name, (_before, after) in changes.items()})
    return changes
