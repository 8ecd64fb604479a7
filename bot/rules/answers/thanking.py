"""`/thank` and `/share-thanks`: people thank each other, and whoever is thanked says whether others may read it.

Whoever cannot be thanked is not named, nor why: they may have asked to be left alone. Where a thank-you stands is for
the person whom it honours to say, and for nobody else.
"""

from datetime import datetime

from bot.commands import share_thanks, thank
from bot.commands.share_thanks import Keep
from bot.commands.thank import Thank
from bot.effects import GiveThanks, Say, ShareStory
from bot.farewells import Leave, Where
from bot.gratitude import MOST_A_DAY, MOST_AT_ONCE
from bot.model import Person, ThreadKind
from bot.rules.answers.asking import NAME, Answer, Asked
from bot.rules.manners import shut


def give_thanks(asked: Asked, now: datetime) -> Answer:
    wish = thank.read(asked.request.args)
    if not isinstance(wish, Thank):
        return _cannot(asked, wish.value)
    if shut(asked.look, asked.policy):
        return _cannot(asked, "who")
    known = asked.look.thanks
    able = [one for login in wish.logins if (one := known.able.get(login)) and _may_be_thanked(one, asked)]
    done = [one for one in able if asked.did(_order_of(one))]
    left = max(MOST_A_DAY - known.given.get(asked.request.person.id, 0), 0)
    coming = [one for one in able if one not in done][:left]
    if not done and not coming:
        return _cannot(asked, "enough" if able else "who")
    orders = tuple(_order(asked, one, wish) for one in coming)
    if len(done) + len(coming) == len(wish.logins):
        return Answer(done=True, why=asked.why, effects=orders)
    return Answer(done=True, why=f"{asked.why}, not for all whom it names", effects=(*orders, _mistaken(asked, "some")))


def _may_be_thanked(one: Person, asked: Asked) -> bool:
    return one != asked.request.person and not asked.policy.is_bot(one) and not asked.policy.leaves_alone(one)


def _order_of(one: Person) -> str:
    return f"order-{one.id}"


def _order(asked: Asked, one: Person, wish: Thank) -> GiveThanks:
    return GiveThanks(
        rule=NAME, key=asked.key(_order_of(one)), why=asked.why, thread=asked.look.thread.ref,
        person=asked.request.person, as_of=asked.request.at, whom=one, work=wish.work, url=address(asked),
    )  # fmt: skip


def address(asked: Asked) -> str:
    """Of what they wrote. GitHub: the anchors of its pages."""
    thread, request = asked.look.thread, asked.request
    page = {ThreadKind.ISSUE: "issues", ThreadKind.PULL_REQUEST: "pull", ThreadKind.DISCUSSION: "discussions"}
    anchor = {
        "issue_comment": "#issuecomment-", "review_comment": "#discussion_r", "review": "#pullrequestreview-",
        "discussion_comment": "#discussioncomment-",
    }.get(request.place)  # fmt: skip
    whole = f"{thread.repo.url}/{page[thread.kind]}/{thread.ref.number}"
    return f"{whole}{anchor}{request.place_id}" if anchor else whole


def _cannot(asked: Asked, mistake: str) -> Answer:
    return Answer(done=False, why=f"{asked.why}, and cannot ({mistake})", effects=(_mistaken(asked, mistake),))


def _mistaken(asked: Asked, mistake: str) -> Say:
    return asked.reply("mistake", {"mistake": mistake, "most": MOST_AT_ONCE})


def share(asked: Asked, now: datetime) -> Answer:
    honoured, wish = asked.look.thanks.honoured, share_thanks.read(asked.request.args)
    if honoured is None:
        return _unshared(asked, "nothing")
    if honoured.person != asked.request.person:
        return _unshared(asked, "not-yours")
    if isinstance(wish, share_thanks.Wrong):
        return _unshared(asked, wish.value)
    where = None if isinstance(wish, Keep) else wish.where or _by_default(asked)
    if where is Where.DIGEST and not asked.look.thanks.digest:
        return _unshared(asked, "no-digest")
    reply = asked.reply("noted", {"where": where.value if where else None})
    return Answer(done=True, why=asked.why, effects=(_share(asked, honoured, where), reply))


def _by_default(asked: Asked) -> Where:
    where = Where(asked.policy.thanks.where)
    return Where.ISSUE if where is Where.DIGEST and not asked.look.thanks.digest else where


def _share(asked: Asked, honoured: Leave, where: Where | None) -> ShareStory:
    return ShareStory(
        rule=NAME, key=asked.key("order"), why=asked.why, thread=asked.look.thread.ref, person=asked.request.person,
        as_of=asked.request.at, left_at=honoured.at, where=where,
    )  # fmt: skip


def _unshared(asked: Asked, mistake: str) -> Answer:
    why = f"{asked.why}, and there is nothing to share ({mistake})"
    return Answer(done=False, why=why, effects=(asked.reply("mistake", {"mistake": mistake}),))
