"""The commands: one file each; those of science never load Django."""
