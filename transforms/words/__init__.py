"""What words mean, whatever sentence they stand in: lexicons of ours and of a user, verbs of saying, towns, money and clocks of countries."""
