"""identity"""

from sql_files import run_sql_file

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0003_identity.sql")
    run_sql_file("0003_identity_access.sql")


def downgrade() -> None:
    run_sql_file("0003_identity_down.sql")
