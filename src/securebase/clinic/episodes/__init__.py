"""Episodes: a span of care with its trajectories and the signals raised."""
