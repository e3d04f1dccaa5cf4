"""The facts that travel with the program, loaded into a database in the order in which they refer to each other."""

import asyncpg

from childcare_api.action_plans.actions import load_source_plans
from childcare_api.agencies.actions import load_directory
from childcare_api.deadlines.amending.actions import load_packaged_calendar
from childcare_api.units.actions import load_reference_data as load_units_and_code_lists

MARK_SENSITIVE = """
UPDATE child_circumstances SET sensitive = NOT sensitive
WHERE sensitive <> circumstance_is_sensitive(group_code, subgroup_code)
"""


async def load_reference_data(connection: asyncpg.Connection) -> None:
    """Load everything, as owner. Any number of times: what is already there is left alone."""
    await load_units_and_code_lists(connection)
    # What a newer list calls sensitive is so in the records that stand, too.
    await connection.execute(MARK_SENSITIVE)
    await load_directory(connection)
    await load_source_plans(connection)
    await load_packaged_calendar(connection)
