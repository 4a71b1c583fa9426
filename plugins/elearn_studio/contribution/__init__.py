"""The line by which a module comes in: submitted whole, checked, reviewed with reasons, published, credited, reported back."""
