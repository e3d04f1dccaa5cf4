"""The people in a case: who the plan must reach, who did the harm; the latter sealed."""
