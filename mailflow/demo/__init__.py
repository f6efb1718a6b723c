"""The sample practice that `mailflow demo` runs: the real daemon, with a coach and her clients played around it."""
