"""audit and outbox"""

from sql_files import run_sql_file

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0004_audit_and_outbox.sql")
    run_sql_file("0004_seals.sql")


def downgrade() -> None:
    run_sql_file("0004_seals_down.sql")
    run_sql_file("0004_audit_and_outbox_down.sql")
