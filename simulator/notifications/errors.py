"""The Notification API's refusals. Source: commerce_notification_v1."""

from __future__ import annotations

from ..errors import EbayError

_ERRORS: dict[int, tuple[int, str]] = {
    195001: (404, "The specified key id is invalid."),
    195002: (404, "Invalid or missing topic id."),
    195003: (
        409,
        "Please provide configurations required for notifications. Refer to /config",
    ),
    195004: (400, "Invalid limit. Supported ranges 10 - 100."),
    195005: (400, "Invalid continuation token."),
    195006: (400, "Invalid or missing subscription status."),
    195007: (400, "Invalid or missing destination id."),
    195008: (
        400,
        "Invalid or missing schema version. Please refer to /topic/{topic_id} for "
        "supported schema versions.",
    ),
    195009: (400, "Specified format is not supported for the topic."),
    195010: (400, "Invalid or missing protocol"),
    195011: (403, "Not authorized for this topic."),
    195012: (409, "Subscription already exists"),
    195013: (404, "The subscription id does not exist."),
    195015: (
        409,
        "The subscription cannot be enabled since the destination is not enabled.",
    ),
    195016: (400, "Invalid name. Markups or lengths greater than 64 not supported"),
    195017: (400, "Invalid or missing endpoint."),
    195018: (
        400,
        "Invalid or missing destination status. Supported values:[ENABLED,DISABLED]",
    ),
    195019: (400, "Invalid or missing verification token for this endpoint."),
    195020: (409, "Challenge verification failed for requested endpoint"),
    195021: (409, "Destination exists for this endpoint"),
    195022: (404, "Invalid or missing destination id."),
    195024: (409, "Destination is in use and cannot be deleted."),
    195025: (400, "Invalid or missing email."),
    195026: (404, "Configuration Not Found."),
    195027: (400, "Invalid or missing topic id."),
    195029: (404, "Invalid subscription filter id."),
    195032: (400, "The specified subscription topic is not filterable."),
}


def notification_error(error_id: int) -> EbayError:
    """The error with this id, its status and its text."""
    status, message = _ERRORS[error_id]
    return EbayError(status, error_id, message, domain="API_NOTIFICATION")
