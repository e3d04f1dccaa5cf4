"""action plans"""

from sql_files import run_sql_file

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0012_action_plans.sql")
    run_sql_file("0012_action_plans_reports.sql")
    run_sql_file("0012_action_plans_access.sql")


def downgrade() -> None:
    run_sql_file("0012_action_plans_down.sql")
