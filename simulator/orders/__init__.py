"""Orders: what buyers did, how it is stored, and how Fulfillment shows it."""
