from . import (
    ebay_account,
    ebay_account_client,
    ebay_account_connection,
    ebay_marketplace,
    ebay_oauth_state,
    ebay_schedule,
    ebay_secret,
    ebay_sync_log,
    ebay_token,
)
