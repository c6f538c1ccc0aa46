-- A copy of the database never speaks to eBay: no mode, no token, no secret.
UPDATE ebay_account
   SET mode = 'paused',
       state = CASE WHEN state = 'draft' THEN 'draft' ELSE 'reconnect' END,
       armed_for = NULL;
DELETE FROM ebay_token;
DELETE FROM ir_config_parameter
 WHERE key LIKE 'ebay_sync.secret.%';
