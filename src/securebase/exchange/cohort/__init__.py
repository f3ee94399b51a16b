"""Reading a cohort where it lies: one definition of each figure, many engines."""
