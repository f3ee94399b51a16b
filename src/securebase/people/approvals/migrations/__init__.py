"""Steps of the database for the approvals."""
