"""The certified signature of an official through the BSrE client service: asked for at once, given when the official is there."""
