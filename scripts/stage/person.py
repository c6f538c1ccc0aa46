"""A person at a browser, without the browser: signs in, follows pages, posts forms."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

from ..tooling.paths import Problem

SECONDS = 240  # a busy machine takes its time


class Person:
    """One cookie jar. Odoo's password is given; eBay's sign-in is the simulator's.

    ``database`` is the choice where Odoo has several under one name.
    """

    def __init__(
        self,
        odoo_url: str,
        login: str = "admin",
        password: str = "admin",
        database: str = "",
    ) -> None:
        self.odoo_url = odoo_url
        self.session = requests.Session()
        self.session.trust_env = False  # this machine only, whatever proxy is set
        address = f"{odoo_url}/web/login"
        if database:
            address += f"?db={database}"
        page = Form.read(self._get(address), "password")
        answer = page.submit(self.session, login=login, password=password)
        if "/web/login" in answer.url:
            raise Problem(f"Odoo did not let {login} in.")

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Press a button: Odoo's own JSON call in this person's session."""
        call = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        answer = self.session.post(
            f"{self.odoo_url}/web/dataset/call_kw",
            json={"jsonrpc": "2.0", "method": "call", "params": call},
            timeout=SECONDS,
        )
        told = answer.json()
        if "error" in told:
            data = told["error"].get("data") or {}
            raise Problem(str(data.get("message") or told["error"].get("message")))
        return told.get("result")

    def consent(
        self, account_id: int, seller: str = "sim_seller", action: str = "agree"
    ) -> requests.Response:
        """Press Connect and answer eBay's page; the page that Odoo shows at the end."""
        return self.come_back(self.way_back(account_id, seller, action))

    def way_back(
        self, account_id: int, seller: str = "sim_seller", action: str = "agree"
    ) -> str:
        """The same, up to where eBay sends the browser back: the address of it."""
        address = self.call("ebay.account", "action_connect", [account_id])["url"]
        page = Form.read(self._get(address), "action")
        answer = page.submit(
            self.session, allow_redirects=False, seller=seller, action=action
        )
        if "Location" not in answer.headers:
            raise Problem(f"eBay sent nobody back: {answer.text[:300]}")
        return answer.headers["Location"]

    def come_back(self, address: str) -> requests.Response:
        """Follow an address to Odoo, whatever it answers."""
        return self.session.get(address, timeout=SECONDS)

    def _get(self, address: str) -> requests.Response:
        answer = self.session.get(address, timeout=SECONDS)
        if not answer.ok:
            raise Problem(
                f"{address} answered {answer.status_code}: {answer.text[:300]}"
            )
        return answer


class Form(HTMLParser):
    """The form of a page that has a field of a given name."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.forms: list[tuple[str, dict[str, str]]] = []

    @classmethod
    def read(cls, answer: requests.Response, field: str) -> Form:
        """The page's form. Raises Problem when there is none with that field."""
        form = cls(answer.url)
        form.feed(answer.text)
        form.forms = [(to, values) for to, values in form.forms if field in values]
        if not form.forms:
            raise Problem(f"{answer.url} shows no form with {field!r}.")
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms and the values they would send."""
        given = dict(attrs)
        if tag == "form":
            self.forms.append((urljoin(self.base, given.get("action") or ""), {}))
        elif tag in ("input", "select", "button") and self.forms and given.get("name"):
            self.forms[-1][1][str(given["name"])] = given.get("value") or ""

    def submit(
        self, session: requests.Session, allow_redirects: bool = True, **values: str
    ) -> requests.Response:
        """Post the form with some values replaced; the page at the end."""
        to, preset = self.forms[0]
        return session.post(
            to,
            data={**preset, **values},
            timeout=SECONDS,
            allow_redirects=allow_redirects,
        )
