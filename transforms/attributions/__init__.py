"""Who says what, as the parse shows it: the cue, its speaker, and the words that it governs, be there marks around them or not.

Words of saying (cues.py) and whoever says them (speakers.py) are asked by quotes, facts and actors alike. What is said is a clause, an
infinitive or a noun that a word of saying governs (complements.py, nominal.py), what its aside breaks into (interrupted.py), or what the
layout shows: headlines and transcripts (layout_speech.py). frames.py brings them together.
"""
