"""What is stored, one room per subject; thin models that mark work and wake a flow.

Fields and methods of ``ebay.account`` live in ``account``, whatever they are about.
The rooms are imported from the ground up: a class that extends a model must come after
that model.
"""

# isort: off
from . import engine
from . import account
from . import reference
from . import orders
from . import listings
from . import stock_prices
from . import shipments
from . import notifications
from . import privacy
