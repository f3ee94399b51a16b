"""Tags of the clinician pages."""
