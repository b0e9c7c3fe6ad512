"""From the rows of a course to stored verdicts: facts, units, lines, judging again."""
