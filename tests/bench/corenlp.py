"""CoreNLP alone over the same articles: names, times, numbers, who is meant by whom, quotes and their speakers.

CORENLP_HOME names a folder with its jars and those of its models, as other programs have it; Maven fetches them:

    mvn dependency:copy -Dartifact=edu.stanford.nlp:stanford-corenlp:4.5.10 -DoutputDirectory=jars     # and with :jar:models behind it
"""

import json
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

# What comes nearest to our tables. Numbers, money and times are read by its `ner`; it has nothing for what happened.
_ANNOTATORS: Final = "tokenize,pos,lemma,ner,depparse,coref,quote"


def lacking() -> str | None:
    """What there is to do before it can be compared, or None."""
    if not shutil.which("java"):
        return "there is no Java"
    home = os.environ.get("CORENLP_HOME")
    if not home:
        return "CORENLP_HOME names no folder with its jars (tests/bench/corenlp.py tells how to get them)"
    if not list(Path(home).glob("stanford-corenlp-*-models.jar")):
        return f"CORENLP_HOME is {home}, which has no jar of its models"
    return None


def seconds(source: Path, one: Path) -> float:
    """Processor seconds over all articles but the first, after start-up. Raises SystemExit with its words where it failed."""
    return _run(source) - _run(one)


def _run(source: Path) -> float:
    """Java's own compiler is in it: over a few hundred articles it has done its work."""
    with tempfile.TemporaryDirectory() as tmp:
        texts = [json.loads(line)["text"] for line in source.read_text("utf-8").splitlines()]
        files = [Path(tmp, f"{number}.txt") for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, "utf-8")
        Path(tmp, "list").write_text("".join(f"{file}\n" for file in files), "utf-8")
        argv = ["java", "-XX:+UseSerialGC", "-Xmx6g", "-cp", os.environ["CORENLP_HOME"] + "/*", "edu.stanford.nlp.pipeline.StanfordCoreNLP"]
        argv += ["-annotators", _ANNOTATORS, "-threads", "1", "-filelist", f"{tmp}/list", "-outputFormat", "json", "-outputDirectory", tmp]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode or not all(file.with_name(f"{file.name}.json").exists() for file in files):
            raise SystemExit(f"CoreNLP ended {done.returncode}: {done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
