"""Who has to report on a plan by when, and the reports themselves, from draft to acceptance."""
