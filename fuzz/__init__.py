"""Bytes that nobody would send, fed to the parser for as long as one likes: `make fuzz SECONDS=60`."""
