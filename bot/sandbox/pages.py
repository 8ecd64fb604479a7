"""Long lists come in pages: `per_page` (30, at most 100), `page`, and a Link header to the others.

docs.github.com: Using pagination in the REST API.
"""

from urllib.parse import urlencode

from bot.sandbox.call import Call, Listing, Reply

USUAL, MOST = 30, 100


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else default


def page(call: Call, listing: Listing) -> Reply:
    """The page that the query asks for, and links to its neighbours, the first and the last."""
    size, number = min(MOST, _number(call, "per_page", USUAL)), _number(call, "page", 1)
    last = max(1, -(-len(listing.items) // size))
    shown = [listing.shape(item) for item in listing.items[(number - 1) * size : number * size]]
    pages: dict[str, int] = {}
    if number > 1:
        pages |= {"prev": min(number - 1, last), "first": 1}
    if number < last:
        pages |= {"next": number + 1, "last": last}
    links = (f'<{_address(call, wanted)}>; rel="{name}"' for name, wanted in pages.items())
    headers = {"Link": ", ".join(links)} if pages else {}
    if listing.key is None:
        return Reply(data=shown, headers=headers)
    return Reply(data={"total_count": len(listing.items), **listing.extra, listing.key: shown}, headers=headers)


def _address(call: Call, number: int) -> str:
    """The url of a page. GitHub names repositories by id in these links, and so do we."""
    path = call.path.partition("?")[0]
    if path.startswith("/repos/"):
        rest = "".join(f"/{part}" for part in path.split("/")[4:])
        path = f"/repositories/{call.repo().id}{rest}"
    return f"{call.view.api}{path}?{urlencode({**call.query, 'page': number})}"
