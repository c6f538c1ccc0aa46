"""Account API: business policies, programs, what the seller is allowed to do."""

from .api import Api
from .documents import Json, Reply
from .paths import path


class Account(Api):
    """sell/account/v1, scope sell.account (reading: sell.account.readonly).

    Policies belong to a marketplace; without one the client's own is asked.
    """

    api = "account"

    def get_fulfillment_policies(self, marketplace_id: str = "") -> Reply:
        """The list `fulfillmentPolicies` of a marketplace.

        eBay: getFulfillmentPolicies
        """
        return self._policies(
            "getFulfillmentPolicies",
            "/fulfillment_policy",
            marketplace_id,
            "fulfillmentPolicies",
        )

    def get_payment_policies(self, marketplace_id: str = "") -> Reply:
        """The list `paymentPolicies` of a marketplace.

        eBay: getPaymentPolicies
        """
        return self._policies(
            "getPaymentPolicies", "/payment_policy", marketplace_id, "paymentPolicies"
        )

    def get_return_policies(self, marketplace_id: str = "") -> Reply:
        """The list `returnPolicies` of a marketplace.

        eBay: getReturnPolicies
        """
        return self._policies(
            "getReturnPolicies", "/return_policy", marketplace_id, "returnPolicies"
        )

    def get_fulfillment_policy(self, policy_id: str) -> Reply:
        """One fulfillment policy.

        eBay: getFulfillmentPolicy
        """
        where = path("/fulfillment_policy/{policy_id}", policy_id=policy_id)
        return self._get("getFulfillmentPolicy", where)

    def get_payment_policy(self, policy_id: str) -> Reply:
        """One payment policy.

        eBay: getPaymentPolicy
        """
        where = path("/payment_policy/{policy_id}", policy_id=policy_id)
        return self._get("getPaymentPolicy", where)

    def get_return_policy(self, policy_id: str) -> Reply:
        """One return policy.

        eBay: getReturnPolicy
        """
        where = path("/return_policy/{policy_id}", policy_id=policy_id)
        return self._get("getReturnPolicy", where)

    def create_fulfillment_policy(self, policy: Json) -> Reply:
        """Creates a fulfillment policy; `fulfillmentPolicyId` comes back.

        eBay: createFulfillmentPolicy
        """
        return self._write(
            "createFulfillmentPolicy",
            "POST",
            "/fulfillment_policy/",
            policy,
            needs_text="fulfillmentPolicyId",
        )

    def create_payment_policy(self, policy: Json) -> Reply:
        """Creates a payment policy; `paymentPolicyId` comes back.

        eBay: createPaymentPolicy
        """
        return self._write(
            "createPaymentPolicy",
            "POST",
            "/payment_policy",
            policy,
            needs_text="paymentPolicyId",
        )

    def create_return_policy(self, policy: Json) -> Reply:
        """Creates a return policy; `returnPolicyId` comes back.

        eBay: createReturnPolicy
        """
        return self._write(
            "createReturnPolicy",
            "POST",
            "/return_policy",
            policy,
            needs_text="returnPolicyId",
        )

    def get_opted_in_programs(self) -> Reply:
        """The list `programs`; a seller without any may be `Rejected` (`not_found`).

        eBay: getOptedInPrograms
        """
        return self._get("getOptedInPrograms", "/program/get_opted_in_programs")

    def opt_in_to_program(self, program_type: str) -> Reply:
        """Opts in, for example to SELLING_POLICY_MANAGEMENT; takes up to a day.

        eBay: optInToProgram
        """
        body = {"programType": program_type}
        return self._write("optInToProgram", "POST", "/program/opt_in", body)

    def get_privileges(self) -> Reply:
        """`sellerRegistrationCompleted` and the monthly `sellingLimit`, if any.

        eBay: getPrivileges
        """
        return self._get("getPrivileges", "/privilege")

    def _policies(
        self, name: str, where: str, marketplace_id: str, list_key: str
    ) -> Reply:
        return self._get(
            name,
            where,
            {"marketplace_id": marketplace_id or self._client.marketplace.id},
            needs=list_key,
            headers={"Content-Language": self._client.locale},
        )
