"""The form of the set-up: the address that it suggests, and what somebody filled in, read and checked."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from aiohttp import web
from yarl import URL

from bot.settings import public_url

_LONGEST_NAME: Final = 34  # GitHub's limit, and names are unique there
_ORGANISATION: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """As it stands on the page. `organisation` is empty for an account of one's own; `name` for the suggested one."""

    whose: str = "organisation"
    organisation: str = ""
    address: str = ""
    name: str = ""
    proposes: bool = False
    discussions: bool = True

    @property
    def app_name(self) -> str:
        of = self.organisation if self.whose == "organisation" else token_hex(2)
        return self.name or f"Switchback {of}"[:_LONGEST_NAME].rstrip(" -")

    def problems(self) -> frozenset[str]:
        """The fields that cannot be used as they are."""
        wrong = set()
        if self.whose not in {"organisation", "person"}:
            wrong.add("whose")
        if self.whose == "organisation" and not _ORGANISATION.fullmatch(self.organisation):
            wrong.add("organisation")
        if len(self.name) > _LONGEST_NAME or not self.name.isprintable():
            wrong.add("name")
        try:
            public_url(self.address)
        except ValueError:
            wrong.add("address")
        return frozenset(wrong)

    def goes_to(self, github_url: str) -> str:
        """GitHub's page that makes an app of a manifest."""
        owner = f"/organizations/{self.organisation}" if self.whose == "organisation" else ""
        return f"{github_url}{owner}/settings/apps/new"


def filled_in(sent: Mapping[str, object]) -> Form:
    told = {name: str(value).strip() for name, value in sent.items()}
    return Form(
        whose=told.get("whose", ""),
        organisation=told.get("organisation", "").removeprefix("@"),
        address=told.get("address", "").rstrip("/"),
        name=" ".join(told.get("name", "").split()),
        proposes="proposes" in told,
        discussions="discussions" in told,
    )


def told_address(request: web.Request) -> str:
    """The address under which the browser reached us, as the proxies in front of us tell it."""
    headers = request.headers
    standard = {
        name.strip().lower(): value.strip().strip('"')
        for name, _, value in (part.partition("=") for part in _first(headers.get("Forwarded", "")).split(";"))
    }
    scheme = standard.get("proto") or _first(headers.get("X-Forwarded-Proto", "")) or request.scheme
    host = standard.get("host") or _first(headers.get("X-Forwarded-Host", "")) or request.host
    prefix = _first(headers.get("X-Forwarded-Prefix", ""))
    try:
        return public_url(f"{scheme.lower()}://{host}{prefix}")
    except ValueError:
        return f"{request.scheme}://{request.host}"


def _first(header: str) -> str:
    """What the outermost proxy says."""
    return header.partition(",")[0].strip()


def same_site(one: str, other: str) -> bool:
    """Whether a browser brings the cookie of one address to the other: ports do not matter to it."""
    here, there = URL(one), URL(other)
    return (here.host, here.path) == (there.host, there.path)


def is_out_of_reach(address: str, github_url: str) -> bool:
    """Whether GitHub can hardly reach it: it is on this machine or in a private network, and GitHub is not."""
    return _is_private(address) and not _is_private(github_url)


def _is_private(address: str) -> bool:
    host = URL(address).host or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
