"""How a text names a picture of its own course: by a relative path, not an address."""

import re

PICTURE = re.compile(r"!\[[^\]\n]*\]\((?!https?:|data:)([^)\s]+)")
