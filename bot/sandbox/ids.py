"""Numbers and node ids, made the way GitHub makes them.

A number never names two things, so code that mixes up ids is found out. Issues, pull requests, their comments and
events are numbered from above 2**31, as on GitHub today, so 32-bit columns are found out too; the rest is numbered from
below, since GraphQL's `databaseId` has 32 bits.
"""

import base64
import hashlib
import itertools
from collections.abc import Iterator

FIRST, FIRST_LARGE = 200_000_001, 3_000_000_001
GHOST_ID = 10137  # the account which GitHub shows in place of a deleted one
WEB_FLOW_ID = 19864447  # the account under which GitHub itself commits, when somebody merges on the website


def numbers(*, large: bool) -> Iterator[int]:
    return itertools.count(FIRST_LARGE if large else FIRST)


def node_id(prefix: str, *ids: int) -> str:
    """A global node id in GitHub's form of today: a prefix and the MessagePack list [0, owning id…, id] in base64.

    docs.github.com: Using global node IDs.
    """
    packed = bytes([0x91 + len(ids), 0]) + b"".join(b"\xce" + number.to_bytes(4, "big") for number in ids)
    return f"{prefix}_{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def digest(*parts: object) -> str:
    """Forty hex digits that look like a commit and always are the same for the same parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:40]
