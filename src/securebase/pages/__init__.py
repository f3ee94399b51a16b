"""What each person sees: views, forms, templates and small scripts."""
