"""What every flow shares: the run with its lock, slices, log and policy for trouble.

In: a scheduled action or a button that calls ``_run`` of a flow for one account.
Out: committed slices of work, one line in the log per changed or failed record, and a
wake-up call when there is more to do.
Start with ``flow.py``; ``run.py`` is what a flow holds in its hand while it works.
"""

from . import flow
