"""Odoo's access log: nothing in it that opens a door."""

import logging

from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestAccessLog(BaseCase):
    def logged(self, line):
        """What werkzeug's log says of a request; two ways to say it."""
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            logging.getLogger("werkzeug").info('1.2.3.4 - - "%s" %s', line, 200)
            logging.getLogger("werkzeug").info(line)
        return "\n".join(logs.output)

    def test_codes_and_keys_are_cut_off(self):
        for line in (
            "GET /ebay/oauth/callback?state=S-1&code=v%5E1.1SECRET HTTP/1.1",
            "GET /web/login?redirect=%2Febay%2Foauth%2Fcallback%3Fcode%3DSECRET HTTP/1",
            "POST /api/ebay/webhook/SECRET HTTP/1.1",
            "GET /api/ebay/webhook/SECRET?challenge_code=1 HTTP/1.1",
        ):
            said = self.logged(line)
            self.assertNotIn("SECRET", said)
            self.assertEqual(said.count("ebay"), 2, "which page it was stays")
            self.assertEqual(said.count(" HTTP/1"), 2)

    def test_other_lines_stay_as_they_are(self):
        line = "GET /web/login?redirect=%2Fodoo HTTP/1.1"
        self.assertEqual(self.logged(line).count(line), 2)
