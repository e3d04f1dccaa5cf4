"""cases"""

from sql_files import run_sql_file

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0009_cases.sql")
    run_sql_file("0009_cases_steps.sql")
    run_sql_file("0009_kept.sql")
    run_sql_file("0009_kept_tasks.sql")
    run_sql_file("0009_cases_access.sql")


def downgrade() -> None:
    run_sql_file("0009_cases_down.sql")
