"""Connecting a seller account, keeping its tokens fresh, and examining it.

In: eBay's consent, a code or a refresh token; a press of *Doctor*.
Out: a connected account, new access tokens before the old ones end, and findings in
plain words with a button each.
Start with ``connection.py``; ``doctor.py`` lists the checks.
"""

from . import connection, doctor, doctor_ebay, doctor_server, tokens
