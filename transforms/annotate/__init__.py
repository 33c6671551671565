"""Annotation: from an article to its spaCy Doc, with one model a process."""

from transforms.annotate.annotated import Annotated as Annotated
