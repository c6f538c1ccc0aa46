"""All stories, by name, in the order in which they are played."""

from . import inventory, legacy, notifications, orders, seller
from .frame import STORIES

__all__ = ["STORIES", "inventory", "legacy", "notifications", "orders", "seller"]
