from . import access_log, oauth, webhook
