"""What it remembers of care: models, queries, policies and actions, no HTML."""
