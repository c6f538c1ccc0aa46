"""What every mapping shares: reading JSON safely, money, dates, text, phone numbers.

In: untrusted values of any shape. Out: plain values, or a ``MappingError`` that names
the path. Start with ``reader.py``.
"""
