"""What follows an attempt: its states, human grading, extra time, corrections of questions, and the trainer's pages for all of it."""
