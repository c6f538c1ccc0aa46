"""What was said about a person: messages, files, notes, logs, the inbox."""

import html
import json
import re

from odoo.tools import SQL

SHORTEST_NAME = 4  # shorter texts are found in too many places
NOBODY = "..."  # stands where a name stood

# Where a name may stand that leads to no document of the person's: model and column.
ANYWHERE = (
    ("ebay.issue", "details"),
    ("ebay.issue", "ignore_reason"),
    ("ebay.sync.log", "message"),
    ("ebay.sync.log.line", "message"),
    ("ebay.sync.log.line", "changes"),
    ("ebay.order", "message"),
    ("ebay.notification", "message"),
    ("ebay.account", "notification_message"),
    ("mail.message", "body"),
    ("mail.message", "subject"),
    ("mail.message", "record_name"),
    ("mail.activity", "note"),
    ("mail.activity", "summary"),
)


class Traces:
    """Finds and removes what names a person. ``count``: messages and files so far.

    On documents of the person's own, messages that speak of the person are emptied.
    Elsewhere only the name is taken out: the rest is somebody else's business. No
    message that was written last before ``since`` can name the person.
    """

    def __init__(self, env, names, since=None):
        self.env = env
        self.since = since
        self.names = {
            spelling
            for name in names
            if len(name) >= SHORTEST_NAME
            for spelling in (name, html.escape(name), json.dumps(name)[1:-1])
        }
        self.count = 0
        longest_first = sorted(self.names, key=len, reverse=True)
        self._named = self.names and re.compile(
            "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest_first),
            re.IGNORECASE,
        )

    def speak_in(self, text):
        """Whether a text names the person."""
        return bool(self._named and text and self._named.search(str(text)))

    # -- on the person's own documents -----------------------------------------------

    def strip_messages(self, documents, authors):
        """Messages on the documents or by the person, tracked changes, e-mails."""
        Message = self.env["mail.message"]
        found = Message.search([("author_id", "in", authors.ids)])
        for records in documents:
            found |= Message.search(
                [("model", "=", records._name), ("res_id", "in", records.ids)]
            )
        tracked = self._tracked(found)
        spoken = found.filtered(
            lambda one: (
                one.author_id in authors
                or self.speak_in(one.body)
                or self.speak_in(one.subject)
                or self.speak_in(one.email_from)
            )
        )
        self.count += len(spoken) + len(tracked)
        tracked.unlink()
        spoken.attachment_ids.unlink()
        spoken.write({"body": "", "subject": False, "email_from": False})
        self.redact(found)
        mails = self.env["mail.mail"].search(
            [
                "|",
                ("recipient_ids", "in", authors.ids),
                ("mail_message_id", "in", spoken.ids),
            ]
        )
        mails.unlink()

    def _tracked(self, messages):
        values = self.env["mail.tracking.value"].search(
            [("mail_message_id", "in", messages.ids)]
        )
        texts = [
            name
            for name in texts_of(values)
            if name.startswith(("old_value_", "new_value_"))
        ]
        return values.filtered(
            lambda value: any(self.speak_in(value[name]) for name in texts)
        )

    def strip_files(self, documents):
        """Delivery slips, labels, quotations, and the printed documents."""
        for records in documents:
            files = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    "|",
                    ("res_field", "=", False),
                    ("mimetype", "in", ("application/pdf", "application/xml")),
                ]
            )
            self.count += len(files)
            files.unlink()

    def redact(self, records):
        """Remove the names from every text of these records."""
        for name in texts_of(records):
            for record in records:
                if self.speak_in(record[name]):
                    record[name] = self._without_names(record[name])

    # -- anywhere ----------------------------------------------------------------------

    def redact_everywhere(self):
        """Remove the names from the inbox, logs and other people's messages."""
        if not self.names:
            return
        for model, name in ANYWHERE:
            for record in self._naming(model, name):
                record[name] = self._without_names(record[name])
        for issue in self._naming("ebay.issue", "cause"):
            issue.cause = f"erased-{issue.id}"  # open issues have different causes
        pushes = self._naming("ebay.notification", "body")
        pushes.filtered(lambda one: one.state != "new").write({"body": False})
        self._naming("ebay.buyer.data", "username").unlink()

    def _naming(self, model, name):
        """The records of a model in which that field names the person."""
        records = self.env[model]
        field = records._fields.get(name)
        if not field or not field.store:
            return records
        records.flush_model([name])
        patterns = [f"%{_escaped(text)}%" for text in self.names]
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE %s AND %s::text ILIKE ANY(%s)",
                SQL.identifier(records._table),
                self._written_since(model),
                SQL.identifier(name),
                patterns,
            )
        )
        found = records.browse(row[0] for row in rows)
        return found.filtered(lambda record: self.speak_in(record[name]))

    def _written_since(self, model):
        """Of messages there are too many to read them all: an index finds the others.

        (``mail_message.py``; the other tables lose what is old.)
        """
        if model != "mail.message" or not self.since:
            return SQL("TRUE")
        return SQL("write_date >= %s", self.since)

    def _without_names(self, value):
        """The same value without the person's names; of any JSON shape."""
        if isinstance(value, str):
            return self._named.sub(NOBODY, value)
        if isinstance(value, list):
            return [self._without_names(one) for one in value]
        if isinstance(value, dict):
            return {key: self._without_names(one) for key, one in value.items()}
        return value


def texts_of(records):
    """The names of a model's own text fields: columns that may be written."""
    return [
        name
        for name, field in records._fields.items()
        if field.type in ("char", "text", "html")
        and field.store
        and not (field.related or field.translate)
        and not (field.compute and field.readonly)
    ]


def _escaped(text):
    """A text escaped for a LIKE pattern."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
