"""The traits that an issue can have, and the words that show them. What each says to people is in `reasons.yml` of
`config/messages/`.

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
    """`words` count anywhere outside of code, `title` only in the title."""

    words: tuple[str, ...] = ()
    title: tuple[str, ...] = ()


def _listed(text: str) -> tuple[str, ...]:
    return tuple(piece for raw in text.split(",") if (piece := " ".join(raw.split())))


TRAITS: Final[Mapping[str, Trait]] = {
    # Its form.
    "no-text": Trait(),
    "short-text": Trait(),
    "long-text": Trait(),
    "short-title": Trait(),
    "title-asks": Trait(),
    "text-asks": Trait(),
    "code": Trait(),
    "traceback": Trait(_listed("traceback, stack trace, stacktrace, backtrace")),
    "log": Trait(_listed("log, log line, journal, journalctl, debug output, console output")),
    "config": Trait(
        _listed("""
            config.yaml, config.yml, values.yaml, config shown, configuration shown, my config, my configuration,
            our config, following config, here is the config, this is my config, config included, relevant config,
            config file, env file, settings shown"""),
    ),
    "steps": Trait(
        _listed("""
            repro, reproduce, reproduced, reproducible, reproducer, reproduction, steps to reproduce, full repro,
            minimal example, script given, example repo, example given, example repository, test case, failing test"""),
    ),
    "version": Trait(),
    "expected": Trait(
        _listed("""
            expected, expected behaviour, expected behavior, should behave, should be, should return, should refuse,
            should not, i expect, would expect, supposed to"""),
    ),
    "parts": Trait(
        _listed("""
            one by one, following items, listed, outline, checklist, to do list, task list, three steps, four steps,
            five steps, six steps, sections, subtasks"""),
    ),
    "names-file": Trait(),
    "names-code": Trait(),
    "links-code": Trait(_listed("line in, this line, lines")),
    "links-page": Trait(),
    "links-thread": Trait(),
    "error": Trait(
        _listed("""
            error, exception, errors, errno, traceback, keyerror, typeerror, valueerror, attributeerror,
            importerror, modulenotfounderror, filenotfounderror, runtimeerror, permissionerror, forbidden, internal
            server error, not found, unauthorized, bad gateway, 403, 404, 500, 502, 504, exit code, panic, segfault"""),
    ),
    # What it is about.
    "docs": Trait(
        _listed("docs, documentation, readme, tutorial, guide, docstring, changelog")
    ),
    "docs-title": Trait(
        title=_listed("""
            docs, doc, documentation, document, documenting, readme, tutorial, guide, docstring, typo, faq, example,
            glossary, changelog, how to guide, user guide, explain, clarify, mention, describe, intro, introduction"""),
    ),
    "one-place": Trait(
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
        _listed("""
            accessibility, a11y, contrast, aria, screen reader, alt text, css, color, colour, button, tooltip, font,
            html, wave report, wave, heading, favicon, logo, icon, tabindex, margin, padding, alignment, keyboard
            navigation, focus, h1"""),
    ),
    "wish": Trait(
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
        _listed("""
            how to, how do i, how can i, how do we, how can we, how should i, is it possible, is there a way, is
            there any way, what is the best way, can i, can we use, can anyone, could someone, could anyone, where
            can i, where do i, what does, what is the, which version should, does it support, does this support, am
            i missing, what am i, wondering, any idea, any ideas, any suggestion, any advice, not sure how, dont
            know how, dont understand, cant figure out, cannot figure out, is there an example, why is it, why does,
            does anyone"""),
    ),
    "asks-help": Trait(
        _listed("""
            help me, please help, any help, need help, help needed, help would be, i am trying, im trying, trying
            to, thanks in advance, thank you in advance, new to, i am new, newbie, beginner, hello, hi all, hi
            everyone, hi team, dear, struggling, advice, guidance, support request, i followed, followed the,
            following the guide, following the instructions, i want to, i would like to use, i need to, i tried, i
            have tried, ive tried"""),
    ),
    "own-system": Trait(
        _listed("""
            my, our, we have, i have, i installed, i deployed, we deployed, our cluster, my cluster, our setup, my
            setup, on premise, on premises, university, company, corporate, firewall, vpn, slurm, pbs, ldap, active
            directory, keycloak, okta, azure, aws, gke, eks, aks, oke, oci, openshift, rancher, digitalocean,
            ubuntu, centos, rhel, debian, windows, wsl, virtualbox, vm, raspberry pi, nginx, apache, cloudflare,
            self signed, lets encrypt, letsencrypt, docker compose, dockerfile, compose file, google oauth, github
            oauth, our users, fresh install, private registry, proxy server, localhost, hostname"""),
    ),
    "who-may": Trait(
        _listed("""
            whitelist, whitelisting, white list, allowlist, allow list, restrict, limit users, limit access,
            restrict access, only certain users, specific emails, specific users, organization, organisation, group
            membership, allowed groups, sign up, domain, let users sign"""),
    ),
    "symptom": Trait(
        _listed("""
            not working, doesnt work, does not work, didnt work, dont work, wont work, isnt working, fails, fail,
            failed, failing, failure, cannot, cant, unable, not able, wont, broken, crash, crashes, crashed, crashing,
            crashloopbackoff, times out, timed out, timeout, refused, not recognized, not found, not used, not valid,
            does
            not connect, doesnt connect, does not start, doesnt start, not starting, not show, doesnt show, not
            showing, invalid, wrong, ignored, not applied, no effect, denied"""),
    ),
    "vague": Trait(
        _listed("""
            stuck, hangs, hang, hanging, hung, pending, freezes, frozen, instable, unstable, sometimes, randomly,
            random, occasionally, weird, strange, blank page, white page, nothing happens, keeps loading, never
            starts, never loads, no response, not properly, stops working, stopped working, some reason, maybe,
            something wrong, problem, issue with, inconsistent"""),
        title=_listed("""
            ^problem, ^issue, trouble, problem with, issue with, issues with, timeout issue"""),
    ),
    "regression": Trait(
        _listed("""
            regression, used to work, worked before, worked until, worked in, no longer works, since upgrading,
            after upgrading, after upgrade, after the upgrade, since version, broke in, breaks with, breaks in,
            breaking change, previous version, older version, after updating, since updating, incompatible,
            mismatch, removed in, deprecated in"""),
    ),
    "cause": Trait(
        _listed("""
            because, caused by, causes, root cause, the cause, due to, the problem is that, the reason, turns out,
            it seems that, it looks like, suspect, suspects, instead of, only the, treated as, is never, is not
            called, analysis, stems from, comes from, hardcoded, hard coded, even if, even though, although, should
            refuse, does not check, not deleted, does not result, not removed, ignores"""),
    ),
    "proposes": Trait(
        _listed("""
            propose, proposes, proposed, proposal, suggest, suggests, suggested fix, fix would be, could be fixed,
            can be fixed, possible fix, possible solution, proposed solution, workaround, patch, happy to, willing
            to, i can open, open a pr, submit a pr, send a pr, make a pr, pull request, volunteers, could replace,
            could be replaced, fixes, solution would be, fixed in, fixed by"""),
    ),
    "upkeep": Trait(
        _listed("""
            bump, upgrade to, update to, deprecated, deprecation, deprecationwarning, pin, unpin, drop support, api
            version, v1beta1, apiversion, workflow, github actions, ci, pre commit, linter, test suite, tests, unit
            test, release, packaging, update dependencies, pypi, conda forge, docker hub, cleanup, clean up, rename,
            migrate to, backport, coverage, type hints, python 3"""),
    ),
    "security": Trait(
        _listed("""
            security, vulnerability, vulnerabilities, cve, exploit, xss, csrf, xsrf, any password, bypass, leak,
            leaks, leaked, expose secrets, privilege, escalation, impersonate, impersonation, sandbox escape, state
            mismatch, open redirect, redirect loop, unauthenticated, without authentication, scope, scopes,
            permission model, rbac, session fixation, plaintext, plain text password, encryption, encrypt, signed,
            cookie"""),
    ),
    "timing": Trait(
        _listed("""
            race, race condition, deadlock, concurrent, concurrently, concurrency, in parallel, simultaneous,
            simultaneously, loop, intermittent, intermittently, flaky, memory leak, leaking, reuse, reused, stale,
            inherit, inherits, in succession, multiple servers, event loop, blocking, async, asyncio, thread safe,
            lock, scalability, scale, performance, high load, many users, thousands, slow, slowly, reset,
            inconsistent state, at the same time, under load, out of memory, killed"""),
    ),
    "design": Trait(
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
        _listed("""
            explore, exploring, investigate, investigating, investigation, research, track down, figure out, find
            out, look into, evaluate, experiment, prototype, proof of concept, benchmark, profiling, understand why,
            potential issues, open ended, feasibility, consider, considering, thinking about, brainstorm"""),
    ),
    "new-kind": Trait(
        _listed("""
            buildpack, new language, new backend, new provider, new spawner, new authenticator, new proxy, cgroup,
            cgroups, gpu, arm64, aarch64, windows containers, podman, julia, rust, nix, spack, kernel, wasm, quota,
            quotas, ipv6, multi arch, multi node, dependencies for, languages, collaborative, real time"""),
    ),
    "operations": Trait(
        _listed("""
            production, outage, incident, 503, 502, service unavailable, temporarily unavailable, unavailable, is
            down, went down, downtime, disk full, out of disk, no space left, certificate expired, grafana,
            prometheus, autoscaler, down, traffic, maintenance window, dns, rate limit, rate limited, quota
            exceeded, pushing the image, federation, staging, most of the time, pagerduty, alert, deploy key,
            billing, cost, abuse, ban, on call, postmortem"""),
    ),
    "data-loss": Trait(
        _listed("""
            data loss, deletes, deleted, deleting, lost, loses, corrupt, corrupted, corruption, wiped, overwritten,
            overwrites, dropped"""),
    ),
    "umbrella": Trait(
        _listed("""
            umbrella, out of date, out of sync, outdated, meta issue, tracking issue, epic, master issue, revamp,
            several issues, all of the, everything, what else, various, series of, list of ideas, what should we,
            things to"""),
    ),
    "people": Trait(
        _listed("""
            contributors, maintainers, triage, onboarding, governance, community, meeting, outreachy, backlog,
            review issues, team, sprint, survey, mentor, newsletter, blog post, announcement"""),
    ),
    "lacks": Trait(
        _listed("""
            no logs, no log, without logs, no details, no description, no information, no config, no example, not
            reproducible, cannot reproduce, could not reproduce, cant reproduce, hard to reproduce, to be updated,
            tbd, placeholder issue, details to follow"""),
    ),
    "no-task": Trait(
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

# What is seen besides the texts.
SEEN: Final = frozenset(
    {
        "label:starter",
        "label:needs-info",
        "label:question",
        "label:security",
        "label:looks",
        "label:docs",
        "label:turned-down",
        "label:design",
        "label:upkeep",
        "label:bug",
        "label:wish",
        "came:problem",
        "came:question",
        "came:wish",
        "came:docs",
        "place:operations",
        "place:installed",
        "similar:small",
        "similar:middling",
        "similar:large",
        "similar:newcomers",
    }
)


@dataclass(frozen=True, slots=True)
class Together:
    """Traits that say more together: some of each group, and none of `without`."""

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
        (_any_of("symptom vague"),),
        _UNDERSTOOD | _THEIRS | _EVIDENCE | _any_of("version expected wish docs docs-title operations timing security"),
    ),
    "no-evidence": Together(
        (_any_of("vague"),),
        _UNDERSTOOD | _EVIDENCE | _any_of("""
            symptom config how-to asks-help wish docs docs-title operations upkeep timing security"""),
    ),
    "own-trouble": Together(
        (_any_of("symptom error traceback"), _THEIRS),
        _UNDERSTOOD,
    ),
    "installed-trouble": Together(
        (_any_of("place:installed"), _any_of("symptom error traceback config regression log")),
        _UNDERSTOOD - {"regression"} | _any_of("docs docs-title wish upkeep"),
    ),
    "understood": Together(
        (_TROUBLE | _any_of("label:bug data-loss"), _any_of("cause proposes links-code"), ),
        _any_of("security timing design research"),
    ),
    "traceable": Together(
        (_TROUBLE | _any_of("label:bug"), _any_of("version regression steps")),
        _THEIRS | _any_of("security timing design research place:installed"),
    ),
    "small-docs": Together(
        (_DOCUMENTS, _any_of("one-place names-file links-page names-code")),
        _any_of("umbrella parts text-asks title-asks traceback config no-task"),
    ),
    "larger-docs": Together(
        (_DOCUMENTS, _any_of("umbrella parts title-asks long-text")),
    ),
    "docs-how-to": Together(
        (_any_of("docs-title label:docs"), _any_of("how-to"))
    ),
    "open-umbrella": Together(
        (_any_of("umbrella"), _any_of("text-asks title-asks")),
        _any_of("parts names-file links-thread proposes"),
    ),
    "says-nothing": Together(
        (_any_of("no-text"),),
        _any_of("""
            wish symptom vague error security timing design research new-kind operations docs docs-title upkeep
            looks cause regression names-code names-file version one-place how-to who-may own-system people umbrella
            area"""),
    ),
    "bare-wish": Together((_any_of("wish label:wish"), _any_of("no-text"))),
    "little-said": Together(
        (_any_of("no-text short-text"), _any_of("symptom vague error")),
        _UNDERSTOOD | _any_of("""
            log traceback steps version config names-code docs docs-title wish upkeep operations own-system
            one-place label:docs how-to who-may"""),
    ),
    "deep-bug": Together(
        (_TROUBLE | _any_of("label:bug cause data-loss"), _any_of("security timing")),
        _any_of("config how-to who-may asks-help"),
    ),
    "big-wish": Together(
        (_any_of("wish label:wish came:wish"), _any_of("design research new-kind security")),
        _any_of("docs docs-title"),
    ),
}  # fmt: skip
