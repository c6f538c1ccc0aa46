from . import (
    connection,
    doctor,
    doctor_ebay,
    doctor_server,
    flow,
    reference_in,
    tokens,
)
