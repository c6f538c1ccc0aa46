from . import controllers, flows, models, wizards
from .hooks import post_init_hook, uninstall_hook
