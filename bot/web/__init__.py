"""Pages and probes."""
