"""The clocks of the law: the working-day calendar, what each step must keep to, and the tasks that run."""
