"""Every module's models in one place, for Alembic and for the tests that walk all tables."""

import childcare_api.action_plans.models
import childcare_api.activities.models
import childcare_api.agencies.models
import childcare_api.agencies.providers.models
import childcare_api.alternative_care.facility_lists.models
import childcare_api.alternative_care.models
import childcare_api.cases.models
import childcare_api.children.history.models
import childcare_api.children.models
import childcare_api.children.moving.models
import childcare_api.deadlines.models
import childcare_api.exchange.models
import childcare_api.identity.models
import childcare_api.intake.models
import childcare_api.units.models  # noqa: F401 - they register their tables
from childcare_api.shared.db import Base

metadata = Base.metadata
