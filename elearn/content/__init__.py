"""What a course says: folders of Markdown in, immutable values out. Knows neither SQL nor Flask."""
