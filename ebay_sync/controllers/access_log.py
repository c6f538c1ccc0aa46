"""Keeps eBay's codes and the keys of webhook addresses out of Odoo's access log."""

import logging
import re

# What follows the address of the callback (an authorisation code and a state), also
# where a sign-in comes first and the address is its parameter; and a webhook's key.
_HIDDEN = re.compile(
    r"(ebay(?:/|%2F)oauth(?:/|%2F)callback|api/ebay/webhook/)[^\s\"]+", re.IGNORECASE
)


class AccessLogFilter(logging.Filter):
    """Cuts a request's line where what nobody should read begins."""

    def filter(self, record):
        """Every record stays, some of them shorter."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(_cut, record.args))
        record.msg = _cut(record.msg)
        return True


def _cut(part):
    return _HIDDEN.sub(r"\1...", part) if isinstance(part, str) else part


logging.getLogger("werkzeug").addFilter(AccessLogFilter())
