from . import connection, flow, tokens
