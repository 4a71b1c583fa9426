"""Competency: the dictionary, what a post asks, what a person has shown, the gap between, and what to learn next."""
