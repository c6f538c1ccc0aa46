"""What holds for all tests outside of Odoo."""

from hypothesis import HealthCheck, settings

# The same examples everywhere, and as much time as a slow machine needs for them.
settings.register_profile(
    "suite",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")
