"""Said: what a patient puts into words: kept, brought or sent, and feelings named."""
