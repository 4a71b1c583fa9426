"""Learning outside the site: told by the learner with evidence, verified by the unit."""
