"""The organisation's keys, and what they sign. Private keys are read by the signing process alone."""
