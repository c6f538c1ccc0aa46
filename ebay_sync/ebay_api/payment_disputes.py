"""Payment disputes: part of the Fulfillment API, at another host, for another scope."""

from .api import Api
from .documents import Reply


class PaymentDisputes(Api):
    """sell/fulfillment/v1/payment_dispute..., scope sell.payment.dispute.

    These calls go to eBay's apiz host, sandbox included; the orders of the same API
    do not (call reference of getPaymentDisputeSummaries, "Resource URI").
    """

    api = "payment_disputes"

    def get_payment_dispute_summaries(
        self, *, limit: int = 200, offset: int = 0
    ) -> Reply:
        """One page (at most 200) of the open and recently closed disputes:
        `paymentDisputeSummaries`, `total`. `offset` is the number of rows to skip.

        eBay: getPaymentDisputeSummaries
        """
        params = {"limit": str(limit), "offset": str(offset)}
        return self._get(
            "getPaymentDisputeSummaries", "/payment_dispute_summary", params
        )
