"""Formulation: how the patient's difficulty is understood together, and their goals."""
