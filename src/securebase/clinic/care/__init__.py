"""Care: the practice, its patients, and who cares for whom."""
