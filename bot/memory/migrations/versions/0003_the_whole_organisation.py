"""The memory of the whole organisation: what happens to threads, commits, labels, teams, how far the past is read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OPEN = sa.text("is_open AND NOT gone")
_BOTS = sa.text("is_bot")
_DEAD = sa.text("state = 'dead'")
_COLUMNS = {
    "installations": (sa.Column("everywhere", sa.Boolean()), sa.Column("updated_at", sa.BigInteger())),
    "repos": (
        sa.Column("covered", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("covered_as_of", sa.BigInteger()),
        sa.Column("default_branch", sa.String(length=255), nullable=False, server_default=""),
        sa.Column("updated_at", sa.BigInteger()),
    ),
    "threads": (sa.Column("assignees", sa.JSON(), nullable=False, server_default="[]"),),
    "activity": (sa.Column("verdict", sa.String(length=20)),),
}


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.add_column(column)
        with op.batch_alter_table(table) as changed:  # the default was for the rows that were there
            for column in columns:
                if column.server_default is not None:
                    changed.alter_column(column.name, server_default=None)
    op.create_index("threads_open", "threads", ["repo_id", "number"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_index("threads_by_author", "threads")
    op.create_index("threads_by_author", "threads", ["author_id", "repo_id", "kind", "created_at", "number"])
    op.create_index("people_bots", "people", ["id"], sqlite_where=_BOTS, postgresql_where=_BOTS)
    op.create_index("looks_dead", "looks", ["subject"], sqlite_where=_DEAD, postgresql_where=_DEAD)
    op.create_table(
        "labels",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "label_id"),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_teams_owner_id", "teams", ["owner_id"])
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("belongs", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "person_id"),
    )
    op.create_table(
        "happenings",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("repo_id", "number", "at", "step", "about", "person_id"),
    )
    op.create_index("happenings_by_person", "happenings", ["person_id", "at"])
    op.create_table(
        "commits",
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("login", sa.String(length=100), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("paths", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("repo_id", "sha"),
    )
    op.create_index("commits_by_person", "commits", ["person_id"])
    op.create_index("commits_by_login", "commits", ["login"])
    op.create_table(
        "readings",
        sa.Column("owner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("owner_id", "repo_id", "part"),
    )
    op.create_table(
        "forgotten",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    for table in ("marks", "forgotten", "readings", "commits", "happenings", "team_members", "teams", "labels"):
        op.drop_table(table)
    op.drop_index("looks_dead", "looks")
    op.drop_index("people_bots", "people")
    op.drop_index("threads_by_author", "threads")
    op.create_index("threads_by_author", "threads", ["author_id"])
    op.drop_index("threads_open", "threads")
    for table, columns in _COLUMNS.items():
        with op.batch_alter_table(table) as changed:
            for column in columns:
                changed.drop_column(column.name)
