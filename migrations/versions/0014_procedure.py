"""procedure"""

from sql_files import run_sql_file

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0014_procedure.sql")
    run_sql_file("0014_procedure_access.sql")
    run_sql_file("0014_terms_access.sql")


def downgrade() -> None:
    run_sql_file("0014_procedure_down.sql")
