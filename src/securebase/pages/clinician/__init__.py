"""The clinician's pages, under /desk/."""
