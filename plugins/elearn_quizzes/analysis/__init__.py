"""How good the questions are: figures per question version, reports of faulty questions, gains from pre- to post-test, the bank."""
