"""Does hostile input break it? Requests to every address, texts, guesses at the login."""
