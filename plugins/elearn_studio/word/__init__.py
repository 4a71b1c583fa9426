"""A Word document as lessons: refused where it is built to harm, read by its styles, its tables and questions put as the guide shows them."""
