"""Practice: exercises done, what helped, and the kit a patient puts together."""
