"""Keeps client secrets out of the lines in which Odoo logs calls with their values.

At its debug level Odoo writes down every call of a method: the secret that an
administrator enters on the account's form is one of the values.
"""

import logging
import re

_SECRET = re.compile(r"""(['"]client_secret['"]\s*:\s*)(?:'[^']*'|"[^"]*")""")
#: Who logs calls: 18.0, 19.0, and both for XML-RPC.
LOGGERS = ("odoo.api", "odoo.service.model", "odoo.http.rpc.request")


class CallLogFilter(logging.Filter):
    """Cuts the secret out of a call's values."""

    def filter(self, record):
        """Every record stays; the values are put into words first."""
        message = record.getMessage()
        if "client_secret" in message:
            record.msg, record.args = _SECRET.sub(r"\1'...'", message), ()
        return True


for _name in LOGGERS:
    logging.getLogger(_name).addFilter(CallLogFilter())
