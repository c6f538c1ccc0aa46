"""Short dialogues: each asks one thing and hands the answer to a flow or model."""

from . import account, listings, orders, privacy
