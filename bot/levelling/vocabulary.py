"""The traits that an issue can have: what each says to a maintainer, and the words that show it.

They are chosen so that they make sense in any organisation; what belongs to one alone, its areas and repositories, is
in `config/areas.yml`. A trait without words is one of form, seen by `bot/levelling/traits.py`.

Words are in small letters without apostrophes ("doesnt"); a noun stands for its plural too. Several words make a
phrase; `^` stands before the first word of a title.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Trait:
    """`says`: the reason in words. `words` count anywhere outside of code, `title` only in the title."""

    says: str
    words: tuple[str, ...] = ()
    title: tuple[str, ...] = ()


def _listed(text: str) -> tuple[str, ...]:
    return tuple(piece for raw in text.split(",") if (piece := " ".join(raw.split())))


TRAITS: Final[Mapping[str, Trait]] = {
    # Its form.
    "no-text": Trait("there is nothing but a title"),
    "short-text": Trait("the text is short"),
    "long-text": Trait("it is described at length"),
    "short-title": Trait("the title is a word or two"),
    "title-asks": Trait("the title is a question"),
    "text-asks": Trait("the text asks something"),
    "code": Trait("code or output is shown"),
    "traceback": Trait("a traceback is shown", _listed("traceback, stack trace, stacktrace, backtrace")),
    "log": Trait("a log is shown", _listed("log, log line, journal, journalctl, debug output, console output")),
    "config": Trait(
        "somebody's own configuration is shown",
        _listed("""
            config.yaml, config.yml, values.yaml, config shown, configuration shown, my config, my configuration,
            our config, following config, here is the config, this is my config, config included, relevant config,
            config file, env file, settings shown"""),
    ),
    "steps": Trait(
        "steps to reproduce it are given",
        _listed("""
            repro, reproduce, reproduced, reproducible, reproducer, reproduction, steps to reproduce, full repro,
            minimal example, script given, example repo, example given, example repository, test case, failing test"""),
    ),
    "version": Trait("a version is given"),
    "expected": Trait(
        "what was expected is said",
        _listed("""
            expected, expected behaviour, expected behavior, should behave, should be, should return, should refuse,
            should not, i expect, would expect, supposed to"""),
    ),
    "parts": Trait(
        "the parts of the work are listed",
        _listed("""
            one by one, following items, listed, outline, checklist, to do list, task list, three steps, four steps,
            five steps, six steps, sections, subtasks"""),
    ),
    "names-file": Trait("a file is named"),
    "names-code": Trait("a place in the code is named"),
    "links-code": Trait("it links to the lines in question", _listed("line in, this line, lines")),
    "links-page": Trait("it links to a page"),
    "links-thread": Trait("it builds on another thread"),
    "error": Trait(
        "an error is quoted",
        _listed("""
            error, exception, errors, errno, traceback, keyerror, typeerror, valueerror, attributeerror,
            importerror, modulenotfounderror, filenotfounderror, runtimeerror, permissionerror, forbidden, internal
            server error, not found, unauthorized, bad gateway, 403, 404, 500, 502, 504, exit code, panic, segfault"""),
    ),
    # What it is about.
    "docs": Trait(
        "it is about documentation", _listed("docs, documentation, readme, tutorial, guide, docstring, changelog")
    ),
    "docs-title": Trait(
        "the title asks for documentation",
        title=_listed("""
            docs, doc, documentation, document, documenting, readme, tutorial, guide, docstring, typo, faq, example,
            glossary, changelog, how to guide, user guide, explain, clarify, mention, describe, intro, introduction"""),
    ),
    "one-place": Trait(
        "it is one small place to change",
        _listed("""
            typo, spelling, misspelled, misspelling, grammar, wording, reword, rephrase, broken link, dead link,
            link is broken, broken url, outdated link, wrong link, 404 link, first paragraph, one word, one line,
            one liner, one sentence, a sentence, a note, a paragraph, search and replace, example image, missing
            here, add a link, add link, link to, a section, remove the word, trivial, simple fix, easy fix, quick
            fix, small change, tooltip, placeholder text, badge, is missing, is misspelled, rename, unused import,
            mention, points to, page points, wrong unit, wrong label, aria label, alt text"""),
        title=_listed("""
            ^remove, ^rename, typo, link, ^fix, ^mention, ^missing, ^clarify, ^replace, section, is empty, ^correct,
            better error"""),
    ),
    "looks": Trait(
        "it is about how a page looks or reads aloud",
        _listed("""
            accessibility, a11y, contrast, aria, screen reader, alt text, css, color, colour, button, tooltip, font,
            html, wave report, wave, heading, favicon, logo, icon, tabindex, margin, padding, alignment, keyboard
            navigation, focus, h1"""),
    ),
    "wish": Trait(
        "it is a wish for something bounded",
        _listed("""
            feature request, would be nice, would be great, would be useful, would be helpful, it would be good,
            would like to, id like, we should, should we, allow, option to, ability to, add support, let users, let
            admins, configurable, make it possible, we could, perhaps"""),
        title=_listed("""
            ^add, ^adding, ^support, ^allow, ^enable, ^include, ^provide, ^implement, ^make, ^option, ^expose,
            ^ability, ^improve, ^use, ^show, ^let, ^create, endpoint, ^customize, configurable, ^publish, ^automate,
            ^record, ^display, ^feature, ^print, ^set, support for, ^ensure, ^introduce, ^extend, ^validate, ^warn,
            ^log, ^handle, ^redirect, ^document"""),
    ),
    "how-to": Trait(
        "it asks how to do something",
        _listed("""
            how to, how do i, how can i, how do we, how can we, how should i, is it possible, is there a way, is
            there any way, what is the best way, can i, can we use, can anyone, could someone, could anyone, where
            can i, where do i, what does, what is the, which version should, does it support, does this support, am
            i missing, what am i, wondering, any idea, any ideas, any suggestion, any advice, not sure how, dont
            know how, dont understand, cant figure out, cannot figure out, is there an example, why is it, why does,
            does anyone"""),
    ),
    "asks-help": Trait(
        "somebody asks for help",
        _listed("""
            help me, please help, any help, need help, help needed, help would be, i am trying, im trying, trying
            to, thanks in advance, thank you in advance, new to, i am new, newbie, beginner, hello, hi all, hi
            everyone, hi team, dear, struggling, advice, guidance, support request, i followed, followed the,
            following the guide, following the instructions, i want to, i would like to use, i need to, i tried, i
            have tried, ive tried"""),
    ),
    "own-system": Trait(
        "it is about somebody's own system",
        _listed("""
            my, our, we have, i have, i installed, i deployed, we deployed, our cluster, my cluster, our setup, my
            setup, on premise, on premises, university, company, corporate, firewall, vpn, slurm, pbs, ldap, active
            directory, keycloak, okta, azure, aws, gke, eks, aks, oke, oci, openshift, rancher, digitalocean,
            ubuntu, centos, rhel, debian, windows, wsl, virtualbox, vm, raspberry pi, nginx, apache, cloudflare,
            self signed, lets encrypt, letsencrypt, docker compose, dockerfile, compose file, google oauth, github
            oauth, our users, fresh install, private registry, proxy server, localhost, hostname"""),
    ),
    "who-may": Trait(
        "it is about whom to let in",
        _listed("""
            whitelist, whitelisting, white list, allowlist, allow list, restrict, limit users, limit access,
            restrict access, only certain users, specific emails, specific users, organization, organisation, group
            membership, allowed groups, sign up, domain, let users sign"""),
    ),
    "symptom": Trait(
        "something does not work",
        _listed("""
            not working, doesnt work, does not work, didnt work, dont work, wont work, isnt working, fails, fail,
            failed, failing, failure, cannot, cant, unable, not able, wont, broken, crash, crashes, crashed, crashing,
            crashloopbackoff, times out, timed out, timeout, refused, not recognized, not found, not used, not valid,
            does
            not connect, doesnt connect, does not start, doesnt start, not starting, not show, doesnt show, not
            showing, invalid, wrong, ignored, not applied, no effect, denied"""),
    ),
    "vague": Trait(
        "the symptom is vague",
        _listed("""
            stuck, hangs, hang, hanging, hung, pending, freezes, frozen, instable, unstable, sometimes, randomly,
            random, occasionally, weird, strange, blank page, white page, nothing happens, keeps loading, never
            starts, never loads, no response, not properly, stops working, stopped working, some reason, maybe,
            something wrong, problem, issue with, inconsistent"""),
        title=_listed("""
            ^problem, ^issue, trouble, problem with, issue with, issues with, timeout issue"""),
    ),
    "regression": Trait(
        "it worked in an earlier version",
        _listed("""
            regression, used to work, worked before, worked until, worked in, no longer works, since upgrading,
            after upgrading, after upgrade, after the upgrade, since version, broke in, breaks with, breaks in,
            breaking change, previous version, older version, after updating, since updating, incompatible,
            mismatch, removed in, deprecated in"""),
    ),
    "cause": Trait(
        "the cause is named",
        _listed("""
            because, caused by, causes, root cause, the cause, due to, the problem is that, the reason, turns out,
            it seems that, it looks like, suspect, suspects, instead of, only the, treated as, is never, is not
            called, analysis, stems from, comes from, hardcoded, hard coded, even if, even though, although, should
            refuse, does not check, not deleted, does not result, not removed, ignores"""),
    ),
    "proposes": Trait(
        "a fix is proposed",
        _listed("""
            propose, proposes, proposed, proposal, suggest, suggests, suggested fix, fix would be, could be fixed,
            can be fixed, possible fix, possible solution, proposed solution, workaround, patch, happy to, willing
            to, i can open, open a pr, submit a pr, send a pr, make a pr, pull request, volunteers, could replace,
            could be replaced, fixes, solution would be, fixed in, fixed by"""),
    ),
    "upkeep": Trait(
        "it is upkeep with a known outcome",
        _listed("""
            bump, upgrade to, update to, deprecated, deprecation, deprecationwarning, pin, unpin, drop support, api
            version, v1beta1, apiversion, workflow, github actions, ci, pre commit, linter, test suite, tests, unit
            test, release, packaging, update dependencies, pypi, conda forge, docker hub, cleanup, clean up, rename,
            migrate to, backport, coverage, type hints, python 3"""),
    ),
    "security": Trait(
        "it touches security",
        _listed("""
            security, vulnerability, vulnerabilities, cve, exploit, xss, csrf, xsrf, any password, bypass, leak,
            leaks, leaked, expose secrets, privilege, escalation, impersonate, impersonation, sandbox escape, state
            mismatch, open redirect, redirect loop, unauthenticated, without authentication, scope, scopes,
            permission model, rbac, session fixation, plaintext, plain text password, encryption, encrypt, signed,
            cookie"""),
    ),
    "timing": Trait(
        "it depends on timing or on state that is shared",
        _listed("""
            race, race condition, deadlock, concurrent, concurrently, concurrency, in parallel, simultaneous,
            simultaneously, loop, intermittent, intermittently, flaky, memory leak, leaking, reuse, reused, stale,
            inherit, inherits, in succession, multiple servers, event loop, blocking, async, asyncio, thread safe,
            lock, scalability, scale, performance, high load, many users, thousands, slow, slowly, reset,
            inconsistent state, at the same time, under load, out of memory, killed"""),
    ),
    "design": Trait(
        "it has to be designed first",
        _listed("""
            design, designs, architecture, architectural, refactor, refactoring, rethink, rearchitect,
            re architect, redesign, rfc, roadmap,
            composable, generalize, generalise, abstraction, model, matrix, strategy, plugin, pluggable, extensible,
            framework, high availability, multi tenant, multi tenancy, api design, new api, discuss, debated,
            discussion, long term, vision, rewrite, overhaul, decouple, split, integrate, integration, new
            subsystem, from scratch, tradeoff, trade offs, pros and cons, across, cross repo, upstream, spec,
            specification, backwards compatible, backward compatibility, replicas, more than one hub"""),
    ),
    "research": Trait(
        "somebody has to find out first",
        _listed("""
            explore, exploring, investigate, investigating, investigation, research, track down, figure out, find
            out, look into, evaluate, experiment, prototype, proof of concept, benchmark, profiling, understand why,
            potential issues, open ended, feasibility, consider, considering, thinking about, brainstorm"""),
    ),
    "new-kind": Trait(
        "a new kind of thing is to be supported",
        _listed("""
            buildpack, new language, new backend, new provider, new spawner, new authenticator, new proxy, cgroup,
            cgroups, gpu, arm64, aarch64, windows containers, podman, julia, rust, nix, spack, kernel, wasm, quota,
            quotas, ipv6, multi arch, multi node, dependencies for, languages, collaborative, real time"""),
    ),
    "operations": Trait(
        "it is about a running service",
        _listed("""
            production, outage, incident, 503, 502, service unavailable, temporarily unavailable, unavailable, is
            down, went down, downtime, disk full, out of disk, no space left, certificate expired, grafana,
            prometheus, autoscaler, down, traffic, maintenance window, dns, rate limit, rate limited, quota
            exceeded, pushing the image, federation, staging, most of the time, pagerduty, alert, deploy key,
            billing, cost, abuse, ban, on call, postmortem"""),
    ),
    "data-loss": Trait(
        "data may be lost",
        _listed("""
            data loss, deletes, deleted, deleting, lost, loses, corrupt, corrupted, corruption, wiped, overwritten,
            overwrites, dropped"""),
    ),
    "umbrella": Trait(
        "it stands for many things at once",
        _listed("""
            umbrella, out of date, out of sync, outdated, meta issue, tracking issue, epic, master issue, revamp,
            several issues, all of the, everything, what else, various, series of, list of ideas, what should we,
            things to"""),
    ),
    "people": Trait(
        "it is about how people work together",
        _listed("""
            contributors, maintainers, triage, onboarding, governance, community, meeting, outreachy, backlog,
            review issues, team, sprint, survey, mentor, newsletter, blog post, announcement"""),
    ),
    "lacks": Trait(
        "it says itself what is missing",
        _listed("""
            no logs, no log, without logs, no details, no description, no information, no config, no example, not
            reproducible, cannot reproduce, could not reproduce, cant reproduce, hard to reproduce, to be updated,
            tbd, placeholder issue, details to follow"""),
    ),
    "no-task": Trait(
        "it tells of something rather than asking for it",
        _listed("""
            i submitted, i have submitted, finally, submitted the, my pull request, please review, please merge,
            same text as, duplicate of, solved, nevermind, never mind, fixed itself, closing, announcing, wanted to
            share, just to let you know, fyi, thanks for the great"""),
    ),
}  # fmt: skip

# What labels are called in many organisations, and what they tell.
LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "starter": _listed("""
            good first issue, first timers only, beginner, easy, starter, newcomer, low hanging fruit, e easy,
            difficulty easy"""),
    "needs-info": _listed("""
            needs info, needs more info, more information, needs information, need info, needs more user
            information, more user information, cannot reproduce, needs repro, needs reproduction, waiting for
            author, awaiting response"""),
    "question": _listed("question, support, user support, help needed, usage, configuration"),
    "security": _listed("security, vulnerability"),
    "looks": _listed("accessibility, a11y, ui, ux, css, frontend"),
    "docs": _listed("documentation, docs, doc, needs documentation"),
    "turned-down": _listed("wontfix, wont fix, won t fix, invalid, duplicate, not planned, stale"),
    "design": _listed("""
            design, proposal, rfc, needs discussion, discussion, needs design, epic, roadmap, breaking"""),
    "upkeep": _listed("""
            maintenance, dependencies, ci, chore, tests, testing, refactor, cleanup, tech debt, release, packaging"""),
    "bug": _listed("bug, regression, defect"),
    "wish": _listed("enhancement, feature, feature request, improvement"),
}

# What is seen besides the texts, and what it says.
SEEN: Final[Mapping[str, str]] = {
    "label:starter": "it is labelled for beginners",
    "label:needs-info": "a label says that something is missing",
    "label:question": "it is labelled as a question",
    "label:security": "it is labelled as security",
    "label:looks": "it is labelled as being about how a page looks",
    "label:docs": "it is labelled as documentation",
    "label:turned-down": "a label says that it is not to be done",
    "label:design": "a label says that it is to be discussed",
    "label:upkeep": "it is labelled as upkeep",
    "label:bug": "it is labelled as a bug",
    "label:wish": "it is labelled as a wish",
    "came:problem": "it came as a problem",
    "came:question": "it came as a question",
    "came:wish": "it came as a wish",
    "came:docs": "it came as a matter of documentation",
    "place:operations": "that repository is a running service",
    "place:installed": "people install this on systems of their own",
    "similar:small": "similar issues were small",
    "similar:middling": "similar issues were of middling size",
    "similar:large": "similar issues were large",
    "similar:newcomers": "newcomers often did similar ones",
}


@dataclass(frozen=True, slots=True)
class Together:
    """Traits that say more together: some of each group, and none of `without`."""

    says: str
    some: tuple[frozenset[str], ...]
    without: frozenset[str] = frozenset()


def _any_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TROUBLE: Final = _any_of("symptom vague error traceback")
_THEIRS: Final = _any_of("own-system config asks-help how-to who-may")
_EVIDENCE: Final = _any_of("log traceback error steps code names-code")
_UNDERSTOOD: Final = _any_of("cause proposes links-code regression steps")
_DOCUMENTS: Final = _any_of("docs docs-title label:docs came:docs")

TOGETHER: Final[Mapping[str, Together]] = {
    "only-symptom": Together(
        "a symptom is told, but nothing to find it by",
        (_any_of("symptom vague"),),
        _UNDERSTOOD | _THEIRS | _EVIDENCE | _any_of("version expected wish docs docs-title operations timing security"),
    ),
    "no-evidence": Together(
        "the symptom is vague, and neither output nor steps are given",
        (_any_of("vague"),),
        _UNDERSTOOD | _EVIDENCE | _any_of("""
            symptom config how-to asks-help wish docs docs-title operations upkeep timing security"""),
    ),
    "own-trouble": Together(
        "something fails on a system of their own, and no cause is known",
        (_any_of("symptom error traceback"), _THEIRS),
        _UNDERSTOOD,
    ),
    "installed-trouble": Together(
        "something fails where people installed it, and no cause is known",
        (_any_of("place:installed"), _any_of("symptom error traceback config regression log")),
        _UNDERSTOOD - {"regression"} | _any_of("docs docs-title wish upkeep"),
    ),
    "understood": Together(
        "what goes wrong, and where, is understood",
        (_TROUBLE | _any_of("label:bug data-loss"), _any_of("cause proposes links-code"), ),
        _any_of("security timing design research"),
    ),
    "traceable": Together(
        "it fails in a version that is given, or in steps that are",
        (_TROUBLE | _any_of("label:bug"), _any_of("version regression steps")),
        _THEIRS | _any_of("security timing design research place:installed"),
    ),
    "small-docs": Together(
        "it is one place in the documentation",
        (_DOCUMENTS, _any_of("one-place names-file links-page names-code")),
        _any_of("umbrella parts text-asks title-asks traceback config no-task"),
    ),
    "larger-docs": Together(
        "it is more than one place in the documentation",
        (_DOCUMENTS, _any_of("umbrella parts title-asks long-text")),
    ),
    "docs-how-to": Together(
        "it asks to write down how something is done", (_any_of("docs-title label:docs"), _any_of("how-to"))
    ),
    "open-umbrella": Together(
        "it stands for many things, and asks which",
        (_any_of("umbrella"), _any_of("text-asks title-asks")),
        _any_of("parts names-file links-thread proposes"),
    ),
    "says-nothing": Together(
        "nothing is said that could be worked on",
        (_any_of("no-text"),),
        _any_of("""
            wish symptom vague error security timing design research new-kind operations docs docs-title upkeep
            looks cause regression names-code names-file version one-place how-to who-may own-system people umbrella
            area"""),
    ),
    "bare-wish": Together("it is wished for without saying why", (_any_of("wish label:wish"), _any_of("no-text"))),
    "little-said": Together(
        "hardly more is said than that it fails",
        (_any_of("no-text short-text"), _any_of("symptom vague error")),
        _UNDERSTOOD | _any_of("""
            log traceback steps version config names-code docs docs-title wish upkeep operations own-system
            one-place label:docs how-to who-may"""),
    ),
    "deep-bug": Together(
        "something fails in a way that needs to know the inside well",
        (_TROUBLE | _any_of("label:bug cause data-loss"), _any_of("security timing")),
        _any_of("config how-to who-may asks-help"),
    ),
    "big-wish": Together(
        "it is a wish that has to be designed first, or a new kind of thing",
        (_any_of("wish label:wish came:wish"), _any_of("design research new-kind security")),
        _any_of("docs docs-title"),
    ),
}  # fmt: skip
