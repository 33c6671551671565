"""The setup.py of the compiled wheel: pyproject.toml says all else. `.ci/compiled` puts it beside a copy of the packages, and builds there."""

from pathlib import Path

from mypyc.build import mypycify
from setuptools import setup

# What is asked of each article in Python of our own. `words` and `annotate` wait for files, tables and spaCy: compiled they gain nothing.
ROOMS = ("actors", "article", "attributions", "dates", "facts", "figures", "link", "parse", "quotes")

files = sorted(str(file) for room in ROOMS for file in Path("transforms", room).rglob("*.py"))
# One library for all of them, since only within one do they call one another without Python in between.
setup(ext_modules=mypycify(files, group_name="factwire_rules", multi_file=True, opt_level="1", debug_level="0"))
