"""What mailflow does: one file per verb. Adapters come in as arguments, and so does `now`."""
