"""What happens: one file for each flow that crosses rooms."""
