"""What templates get to see: one value for each email and each page, and nothing that its reader may not know.

Moments are aware datetimes in the reader's own time zone; addresses of pages are complete URLs.
"""
