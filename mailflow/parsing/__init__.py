"""Text in, meaning out. Pure: no I/O, no clock."""
