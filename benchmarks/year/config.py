"""The configuration of the year: every feature speaks, some of the team agreed to be asked, and they have holidays."""

from benchmarks.year.flow import Flow, holidays, summer

_FEATURES = (
    "welcome", "advice", "readiness", "ramp", "offers", "next_steps", "claims", "invitation", "need_help", "digest",
    "triage", "community",
)  # fmt: skip


def config(flow: Flow) -> str:
    """As YAML. Each feature is switched on; of `triage` and `need_help` it says more."""
    people = flow.people
    first, last = summer(flow.begin)
    lines = [f"{name}: {{mode: on}}" for name in _FEATURES if name not in {"triage", "need_help"}]
    lines += [
        f"need_help: {{mode: on, roster: [{', '.join(people.rota[:2])}]}}",
        "triage:",
        "  mode: on",
        f"  rota: [{', '.join(people.rota)}]",
        "  people:",
        *(f"  - {{login: {login}, areas: [{', '.join(areas)}]}}" for login, areas in people.areas.items()),
        "working_time:",
        f"  holidays: [{', '.join(f'{day:%Y-%m-%d}' for day in holidays(flow.begin))}]",
        f"  breaks: [{{first: {first:%Y-%m-%d}, last: {last:%Y-%m-%d}}}]",
    ]
    return "\n".join(lines) + "\n"
