"""Notification API: destinations, subscriptions, signed delivery."""
