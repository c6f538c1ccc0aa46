"""The record of what was erased, when, and at whose request.

In: erasures by eBay's notice or by a manager. Out: the proof, without the person.
Start with ``ebay_erasure.py``.
"""

from . import ebay_erasure, mail_message
