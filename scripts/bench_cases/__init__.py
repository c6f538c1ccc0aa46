"""Benches: each module here has ``main(arguments) -> dict`` and a docstring."""
