"""alternative care"""

from sql_files import run_sql_file

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0016_service_providers.sql")
    run_sql_file("0016_carers.sql")
    run_sql_file("0016_placing.sql")
    run_sql_file("0016_placing_access.sql")


def downgrade() -> None:
    run_sql_file("0016_down.sql")
