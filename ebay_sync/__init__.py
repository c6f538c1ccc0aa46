from . import controllers, flows, models, private_log, wizards
from .hooks import post_init_hook, uninstall_hook
