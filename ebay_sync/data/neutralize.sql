-- A copy of the database never speaks to eBay.
UPDATE ebay_account
   SET mode = 'paused',
       state = CASE WHEN state = 'draft' THEN 'draft' ELSE 'reconnect' END,
       armed_for = NULL;
-- No token of the seller is left in a copy.
DELETE FROM ebay_token;
-- No secret is left in a copy.
DELETE FROM ir_config_parameter
 WHERE key LIKE 'ebay_sync.secret.%';
