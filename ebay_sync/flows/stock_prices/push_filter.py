"""Which products an account never sends, whatever is on the shelf."""

from ...models.account.filters import FilterError


def filter_works(run):
    """Whether the account's filter can be used; the inbox asks where it cannot.

    Nothing is sent then: what is never to be sent is not known.
    """
    account = run.account
    try:
        account._never_pushed_ids(limit=1)
    except FilterError as error:
        run.env["ebay.issue"]._raise(
            account,
            "push_filter_failed",
            record=account,
            severity="danger",
            reason=str(error),
        )
        run.line("failed", account, message=str(error))
        run.counts["failed"] += 1
        return False
    account._close_filter_issues("push_filter_failed")
    return True
