"""Who may do what, as the database has it and as docs/security.md says it."""

from pathlib import Path
from unittest.mock import Mock, patch

from odoo import models
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

DOCUMENT = Path(__file__).parents[2] / "docs" / "security.md"
ADDON = "odoo.addons.ebay_sync"
OPERATIONS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}
NOTHING = "-"


class Undo(Exception):
    """Takes back what an allowed call has done."""


def stored_models(env):
    """The addon's own models that have a table."""
    return sorted(
        name
        for name, model in env.registry.items()
        if name.startswith("ebay.") and not model._abstract
    )


def public_methods(env):
    """``(model, method)`` of everything of ours that RPC can reach."""
    found = set()
    for name, model in env.registry.items():
        for part in model.__mro__:
            if not part.__module__.startswith(ADDON):
                continue
            found.update(
                (name, method) for method in vars(part) if _is_ours(model, method)
            )
    return sorted(found)


def _is_ours(model, name):
    method = getattr(model, name, None)
    if name.startswith("_") or not callable(method):
        return False
    if getattr(method, "_api_private", False) or hasattr(models.BaseModel, name):
        return False
    inherited = (part for part in model.__mro__ if name in vars(part))
    return all(part.__module__.startswith(ADDON) for part in inherited)


def rights(env, user, model):
    """The operations on a model that the user's groups give: ``rwcd``."""
    records = env[model].with_user(user)
    return "".join(
        letter
        for operation, letter in OPERATIONS.items()
        if records.has_access(operation)
    )


def example(env, account, model, user):
    """A record of a model to try things on; the user's own where that matters."""
    if model == "ebay.account":
        return account
    if env[model]._transient:
        return _example_of_wizard(env, account, model, user)
    records = env[model].search([], limit=1)
    if records or not env[model]._auto:  # what has no table shows other records
        return records
    return env[model].create(_required_values(env, account, model, user))


def _required_values(env, account, model, user):
    given = env[model].default_get(list(env[model]._fields))
    wanted = {
        name: field
        for name, field in env[model]._fields.items()
        if field.required and field.store and not field.compute and name not in given
    }
    return {
        name: _some_value(env, account, user, field) for name, field in wanted.items()
    }


def _some_value(env, account, user, field):
    if field.type == "many2one":
        return example(env, account, field.comodel_name, user).id
    if field.type == "selection":
        return field.get_values(env)[0]
    return 1 if field.type in ("integer", "float", "monetary") else "1"


def _example_of_wizard(env, account, model, user):
    # sudo keeps the user: the record becomes the user's own
    doctors = env["ebay.doctor"].with_user(user).sudo()
    finding = {"check": "keys", "name": "Keys", "state": "green", "found": "Fine"}
    doctor = doctors.create({"account_id": account.id, "line_ids": [(0, 0, finding)]})
    if model == "ebay.doctor":
        return doctor
    if model == "ebay.doctor.line":
        return doctor.line_ids
    values = _required_values(env, account, model, user)
    return env[model].with_user(user).sudo().create(values)


def is_allowed(env, account, user, model, method):
    """Whether a user's call gets past the access checks, whatever it does then."""
    records = example(env, account, model, user)
    records = records.with_user(user).sudo(False)
    env.flush_all()
    env.invalidate_all()  # what is in the cache already is not checked again
    account_class = type(env["ebay.account"])
    fake = Mock()
    fake.consent_url.return_value = "https://auth.example/consent"
    try:
        with (
            mute_logger("odoo.sql_db", f"{ADDON}.flows.doctor"),
            patch.object(account_class, "_oauth", lambda *a, **k: fake),
            patch.object(account_class, "_client", lambda *a, **k: fake),
            env.cr.savepoint(),
        ):
            getattr(records, method)()
            raise Undo
    except AccessError:
        return False
    except Exception:  # it was let in; what it found there is not the question
        return True
    finally:
        env.invalidate_all()


def documented(title):
    """The rows of the table that follows a heading of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return rows[2:]  # without the head and its rule


def row(name, cells):
    """One row as the document has it."""
    return f"| {' | '.join([f'`{name}`', *(cell or NOTHING for cell in cells)])} |"
