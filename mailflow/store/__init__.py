"""What is kept: one file per noun, plain SQL, frozen values in and out.

Terms
-----
Database     one SQLite file and everything that may touch it (store/database.py)
Transaction  what the functions of this folder take first: all or nothing when it writes, one snapshot when it reads
moment       stored as whole seconds since 1970 in UTC (store/moments.py)
"""
