from . import connection, doctor, doctor_ebay, doctor_server, flow, tokens
