"""Takes secrets and buyers' details out of whatever is about to be logged."""

import logging
import re

MASK = "***"

_HIDDEN_KEYS = (
    "access_token|refresh_token|client_secret|code|token|id_token|"
    "verificationToken|verification_token|challenge_code|privateKey|private_key|"
    "eiasToken|cert_id"
)
_PERSON_KEYS = (
    "username|buyerUsername|buyer_username|fullName|email|phoneNumber|addressLine1|"
    "addressLine2|taxpayerId|postalCode|buyerCheckoutNotes|companyName"
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Authorization: Bearer v^1.1#i^1#...  /  Basic ...  /  IAF ...
    (re.compile(r"\b(Bearer|Basic|IAF|Application|TOKEN)\s+[^\s'\",;]{8,}"), r"\1 ***"),
    (re.compile(r"v\^1\.1#[^\s'\"&<,;]+"), MASK),
    # "key": "value" of a JSON document or the repr of a dict
    (
        re.compile(
            rf"(['\"](?:{_HIDDEN_KEYS}|{_PERSON_KEYS})['\"]\s*:\s*)"
            r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
        ),
        r"\1'***'",
    ),
    # key=value of a form or a query
    (
        re.compile(rf"\b((?:{_HIDDEN_KEYS}|{_PERSON_KEYS})=)[^&\s'\"]+", re.IGNORECASE),
        r"\1***",
    ),
    (
        re.compile(r"<(RequesterCredentials|eBayAuthToken)>.*?</\1>", re.DOTALL),
        r"<\1>***</\1>",
    ),
    (re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+"), MASK),
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
            re.DOTALL,
        ),
        MASK,
    ),
)


def redact(text: str) -> str:
    """`text` without tokens, secrets, keys, e-mail addresses and personal fields."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class RedactingFilter(logging.Filter):
    """Redacts the finished message of every record; attach it to loggers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record in place and lets it pass."""
        record.msg = redact(record.getMessage())
        record.args = None
        return True
