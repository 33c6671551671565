"""What an article's text shows before anybody asks what it says: its paragraphs, its quotation marks, its sentences.

Each is made once of an annotated article, kept with it (`Annotated.layout`, `Annotated.marks`), and asked by all extractors: two that
read a quotation mark differently would make rows that contradict each other.
"""
