"""deadlines"""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sql_files import run_sql_file

from childcare_api.deadlines import data

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_file("0005_deadlines.sql")
    for name, rows in data.reference_rows().items():
        op.bulk_insert(_table(name, rows), rows)


def _table(name: str, rows: list[dict]) -> sa.TableClause:
    types = {bool: sa.Boolean(), int: sa.Integer(), date: sa.Date(), list: sa.ARRAY(sa.Text), str: sa.Text()}
    found = {column: type(row[column]) for row in rows for column in row if row[column] is not None}
    return sa.table(name, *(sa.column(column, types[found.get(column, date)]) for column in rows[0]))


def downgrade() -> None:
    run_sql_file("0005_deadlines_down.sql")
