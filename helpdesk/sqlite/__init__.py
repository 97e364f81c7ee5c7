"""Django's database engine for SQLite, with writers that wait for each other fairly."""
