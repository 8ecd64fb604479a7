"""For what somebody can be thanked: kinds of work, most of them without code. The words in which thanks were said are
not kept, only which of these they speak of."""

from enum import StrEnum


class Work(StrEnum):
    CALLS = "calls"  # runs or attends calls and meetings
    SUPPORT = "support"  # answers questions, in a forum or a chat
    DOCS = "docs"
    TRANSLATION = "translation"
    DESIGN = "design"
    EVENTS = "events"  # organises workshops, sprints, talks
    MENTORING = "mentoring"
    REVIEWS = "reviews"
    TRIAGE = "triage"
    TESTING = "testing"
    RELEASES = "releases"
    SECURITY = "security"
    INFRASTRUCTURE = "infrastructure"
    COMMUNITY = "community"  # welcomes people, looks after how they are with each other
    FUNDING = "funding"
    CODE = "code"
    OTHER = "other"
