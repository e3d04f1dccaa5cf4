"""intake"""

from sql_files import run_sql_file

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0008_intake.sql")
    run_sql_file("0008_intake_access.sql")


def downgrade() -> None:
    run_sql_file("0008_intake_down.sql")
