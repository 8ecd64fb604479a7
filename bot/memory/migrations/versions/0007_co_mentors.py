"""Co-mentors: who agreed to mentor, mentorings, who was asked; cohorts: applicants, what they did, who reads it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    _mentoring()
    _cohorts()


def _mentoring() -> None:
    op.create_table(
        "mentors",
        _key("owner_id"),
        _key("person_id"),
        sa.Column("joined", sa.Boolean()),
        _json("areas"),
        sa.Column("up_to", sa.Integer()),
        _text("zone", 64, nullable=True),
        _json("languages"),
        _text("wants", 20, nullable=True),
        sa.Column("mentored", sa.Boolean(), nullable=False),
        _number("repo_id", nullable=True),
        _number("number", nullable=True),
        _number("as_of", nullable=True),
        _number("asked_at", nullable=True),
        _number("asked_repo_id", nullable=True),
        _number("asked_number", nullable=True),
        _number("released_at", nullable=True),
        _number("seen_at", nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "person_id"),
    )
    op.create_table(
        "mentorings",
        _key("repo_id"),
        _key("number"),
        _key("began_at"),
        _number("owner_id"),
        _number("mentee_id", nullable=True),
        _number("asked_by_id"),
        _text("because", 20),
        _text("state", 20),
        _number("state_at"),
        _number("running_since", nullable=True),
        _json("checks"),
        _text("cohort", 60, nullable=True),
        sa.PrimaryKeyConstraint("repo_id", "number", "began_at"),
    )
    op.create_index("mentorings_by_owner", "mentorings", ["owner_id", "state"])
    op.create_index("mentorings_by_mentee", "mentorings", ["mentee_id"])
    op.create_table(
        "mentor_asks",
        _key("repo_id"),
        _key("number"),
        _key("began_at"),
        _key("person_id"),
        _key("chosen_at"),
        _number("owner_id"),
        _text("part", 20),
        _text("said", 20),
        _number("said_at", nullable=True),
        _number("beside_id", nullable=True),
        _number("by_id", nullable=True),
        _json("reasons"),
        _json("beside_reasons"),
        sa.PrimaryKeyConstraint("repo_id", "number", "began_at", "person_id", "chosen_at"),
    )
    op.create_index("mentor_asks_by_person", "mentor_asks", ["person_id", "chosen_at"])
    op.create_index("mentor_asks_by_owner", "mentor_asks", ["owner_id", "chosen_at"])


def _cohorts() -> None:
    op.create_table(
        "applicants",
        _key("owner_id"),
        _text("cohort", 60),
        _key("person_id"),
        _number("since"),
        _number("repo_id"),
        _number("number"),
        sa.PrimaryKeyConstraint("owner_id", "cohort", "person_id"),
    )
    op.create_index("applicants_by_person", "applicants", ["person_id"])
    op.create_table(
        "contributions",
        _key("owner_id"),
        _text("cohort", 60),
        _key("person_id"),
        _key("repo_id"),
        _key("number"),
        _text("url", 200),
        _number("task_repo_id", nullable=True),
        _number("task_number", nullable=True),
        _number("at"),
        sa.PrimaryKeyConstraint("owner_id", "cohort", "person_id", "repo_id", "number", "url"),
    )
    op.create_index("contributions_by_thread", "contributions", ["repo_id", "number"])
    op.create_table(
        "reviewers",
        _key("owner_id"),
        _text("cohort", 60),
        _key("applicant_id"),
        _key("person_id"),
        _number("at"),
        sa.PrimaryKeyConstraint("owner_id", "cohort", "applicant_id", "person_id"),
    )
    op.create_index("reviewers_by_person", "reviewers", ["person_id"])
    op.create_table(
        "cohort_notes",
        _key("owner_id"),
        _text("cohort", 60),
        _text("about", 20),
        _key("person_id"),
        _key("at"),
        _number("in_repo_id"),
        _number("in_number"),
        sa.PrimaryKeyConstraint("owner_id", "cohort", "about", "person_id", "at"),
    )
    op.create_index("cohort_notes_by_place", "cohort_notes", ["in_repo_id", "in_number"])
    op.create_index("cohort_notes_by_person", "cohort_notes", ["person_id"])


def downgrade() -> None:
    for table in ("cohort_notes", "reviewers", "contributions", "applicants", "mentor_asks", "mentorings", "mentors"):
        op.drop_table(table)
