"""What happened, as SQL rows. Plain SQLAlchemy; knows nothing of Flask nor of how a course is written."""
