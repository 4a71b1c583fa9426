"""Quizzes: questions written in Markdown ("Soal"), drawn, answered and graded."""
