"""All stories, by name, in the order in which they are played."""

from . import beyond, inventory, legacy, notifications, orders, seller
from .frame import STORIES

__all__ = [
    "STORIES",
    "beyond",
    "inventory",
    "legacy",
    "notifications",
    "orders",
    "seller",
]
