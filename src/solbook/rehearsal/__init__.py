"""A simulated rover on simulated ground: records and pixels whose truth is known."""
