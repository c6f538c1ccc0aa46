"""What data files cannot say for both series: groups placed, the robot's rights."""

from odoo.fields import Command

from .compat import USER_GROUPS, place_groups


def post_init_hook(env):
    """Place the groups on the user's form and give the robot user its one group."""
    place_groups(
        env,
        env.ref("base.module_category_sales"),
        env.ref("ebay_sync.group_ebay_user") + env.ref("ebay_sync.group_ebay_manager"),
    )
    robot = env.ref("ebay_sync.user_ebay_robot")
    own_group = env.ref("ebay_sync.group_ebay_robot")
    robot.write({USER_GROUPS: [Command.set(own_group.ids)], "active": True})


def uninstall_hook(env):
    """Leave no secret and no scheduled action behind, and nobody who could work.

    Odoo deletes the robot where nothing names it. Where something does (on 19.0 the
    value of a product that came in), the user stays, archived.
    """
    accounts = env["ebay.account"].with_context(active_test=False).search([])
    accounts._forget_secrets()
    accounts.schedule_ids.unlink()  # with their scheduled actions
    env.cr.execute("DROP INDEX IF EXISTS ebay_mail_message_written_idx")
    if robot := env.ref("ebay_sync.user_ebay_robot", raise_if_not_found=False):
        robot.active = False
