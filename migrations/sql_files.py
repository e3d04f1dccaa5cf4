"""Running the SQL that stands beside the migrations."""

from pathlib import Path

from alembic import op


def run_sql_file(name: str) -> None:
    """Run `sql/<name>`: policies, functions and grants are read as SQL, not as strings in Python.

    Statements are parted by a line that says `--;` alone, since a function's body has semicolons of its own.
    """
    script = (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")
    for statement in script.split("\n--;\n"):
        if statement.strip():
            # Not text(): a colon in SQL is a cast here, never a parameter.
            op.get_bind().exec_driver_sql(statement) if not _offline() else op.execute(statement)


def _offline() -> bool:
    return bool(op.get_context().as_sql)
