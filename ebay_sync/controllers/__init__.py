from . import access_log, call_log, oauth, webhook
