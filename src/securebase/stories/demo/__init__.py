"""An invented practice, lived through week by week by the same stories as a real one."""
