"""Where this person is going: scores over time, smoothed, expected and forecast."""
