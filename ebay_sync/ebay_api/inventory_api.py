"""What the three parts of the Inventory API share."""

from collections.abc import Mapping

from .api import Api


class InventoryApi(Api):
    """Base of the Inventory classes: sends both language headers with every call."""

    api = "inventory"

    def _extra_headers(self) -> Mapping[str, str]:
        locale = self._client.locale
        return {"Accept-Language": locale, "Content-Language": locale}
