"""Every module's models in one place, for Alembic and for the tests that walk all tables."""

import childcare_api.children.models
import childcare_api.deadlines.models
import childcare_api.intake.models  # noqa: F401 - they register their tables
from childcare_api.shared.db import Base
from childcare_api.units import models as units_models  # noqa: F401 - for its tables

metadata = Base.metadata
