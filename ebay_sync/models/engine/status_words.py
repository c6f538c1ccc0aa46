"""eBay's states in the reader's words.

What eBay sends is stored as it comes, because eBay adds values when it likes.
"""


def put_into_words(records, names, tables):
    """Fill ``<field>_text`` of each state; what is not known is shown as it came."""
    for record in records:
        for name, words in zip(names, tables, strict=True):
            record[f"{name}_text"] = words.get(record[name], record[name])
