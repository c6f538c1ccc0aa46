from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    # What was written since a person became known here: an erasure searches other
    # people's messages for the name, and reads those of that time alone.
    _ebay_indexes = {"ebay_mail_message_written_idx": "(write_date)"}
