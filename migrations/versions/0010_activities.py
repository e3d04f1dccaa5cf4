"""activities"""

from sql_files import run_sql_file

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0010_activities.sql")


def downgrade() -> None:
    run_sql_file("0010_activities_down.sql")
