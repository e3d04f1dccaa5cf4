"""alternative care"""

from sql_files import run_sql_file

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0015_service_providers.sql")
    run_sql_file("0015_carers.sql")
    run_sql_file("0015_placing.sql")
    run_sql_file("0015_emergencies.sql")
    run_sql_file("0015_placing_access.sql")
    run_sql_file("0015_care_everywhere.sql")
    run_sql_file("0015_harm.sql")
    run_sql_file("0015_clocks.sql")
    run_sql_file("0015_incident.sql")
    run_sql_file("0015_placing_marked.sql")
    run_sql_file("0015_numbers.sql")


def downgrade() -> None:
    run_sql_file("0015_alternative_care_down.sql")
