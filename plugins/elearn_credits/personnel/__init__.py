"""Learning that counted, on its way to the personnel system: what is ready, what is lacking, what was sent, and what was said of it."""
