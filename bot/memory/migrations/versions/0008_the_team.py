"""The team: who it is, evidence of people, check-ins, stepping back, and what people are to be told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
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


def _flag(name: str, *, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def upgrade() -> None:
    _who()
    _check_ins()
    _leaves()
    _notes()
    with op.batch_alter_table("preferences") as changed:
        changed.add_column(_number("away_since", nullable=True))


def _who() -> None:
    op.create_table(
        "members",
        _key("owner_id"),
        _key("repo_id"),
        _text("path", 200),
        _text("login", 100),
        _number("person_id", nullable=True),
        _json("repos"),
        _text("given_name", 100),
        _json("groups"),
        _flag("inactive"),
        _text("last_check_in", 10),
        _number("since", nullable=True),
        _flag("gone"),
        _number("as_of"),
        sa.PrimaryKeyConstraint("owner_id", "repo_id", "path", "login"),
    )
    op.create_index("members_by_person", "members", ["person_id"])
    op.create_table(
        "presence",
        _key("owner_id"),
        _key("person_id"),
        _text("sign", 10),
        _key("at"),
        _key("by_id"),
        _text("about", 20),
        _number("repo_id"),
        _number("number"),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "person_id", "sign", "at", "by_id"),
    )
    op.create_index("presence_by_time", "presence", ["owner_id", "at"])
    op.create_index("presence_by_author", "presence", ["by_id"])
    op.create_table(
        "care",
        _key("owner_id"),
        _key("person_id"),
        _flag("asked", nullable=True),
        _number("asked_as_of", nullable=True),
        _flag("together", nullable=True),
        _number("together_as_of", nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "person_id"),
    )


def _check_ins() -> None:
    op.create_table(
        "check_ins",
        _key("owner_id"),
        _key("person_id"),
        _key("begun_at"),
        _text("because", 20),
        _text("state", 20),
        _number("state_at"),
        _number("repo_id", nullable=True),
        _number("number", nullable=True),
        _text("said", 20, nullable=True),
        _number("again_at", nullable=True),
        _number("handed_to_id", nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "person_id", "begun_at"),
    )
    op.create_index("check_ins_by_place", "check_ins", ["repo_id", "number"])


def _leaves() -> None:
    op.create_table(
        "leaves",
        _key("owner_id"),
        _key("person_id"),
        _key("at"),
        _json("repos"),
        _number("until", nullable=True),
        _flag("for_good"),
        _number("by_id"),
        _number("repo_id"),
        _number("number"),
        _number("place_repo_id", nullable=True),
        _number("place_number", nullable=True),
        _json("standing"),
        _number("back_at", nullable=True),
        _text("story", 20, nullable=True),
        _number("story_at", nullable=True),
        _text("story_where", 20, nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "person_id", "at"),
    )
    op.create_index("leaves_by_place", "leaves", ["place_repo_id", "place_number"])


def _notes() -> None:
    op.create_table(
        "notes",
        _key("owner_id"),
        _text("about", 20),
        _key("person_id"),
        _key("at"),
        _number("matter"),
        _number("in_repo_id"),
        _number("in_number"),
        sa.PrimaryKeyConstraint("owner_id", "about", "person_id", "at"),
    )
    op.create_index("notes_by_place", "notes", ["in_repo_id", "in_number"])
    op.create_index("notes_by_person", "notes", ["person_id"])
    op.create_table(
        "alarms",
        _key("owner_id"),
        _text("place", 200),
        _key("person_id"),
        _number("told_at"),
        _text("board", 60),
        sa.PrimaryKeyConstraint("owner_id", "place", "person_id"),
    )


def downgrade() -> None:
    with op.batch_alter_table("preferences") as changed:
        changed.drop_column("away_since")
    for table in ("alarms", "notes", "leaves", "check_ins", "care", "presence", "members"):
        op.drop_table(table)
