"""What `scripts/lint` runs: one module per kind of file, and the one that runs them."""
