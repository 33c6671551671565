"""Datasets in object stores: the same commits, readers and verbs over S3, Google Cloud Storage and Azure.

A store has no rename, no lock and no folder; what it has is a write that is refused where something stands already. So here:

- data files get their final names at once: no manifest tells of them, so no reader does;
- the manifest of a commit is called by its number alone (`_runs/00000005-commit.json`) and is created only if there is none: that
  write is the commit, and of two writers it makes one the loser, whatever became of locks;
- `_head.json` says which fold, checkpoint and parts count. It is the only object that is replaced, by who knows what it was before.
  Readers get it by name and the manifests after it by number, so a list that lags behind hides nothing;
- one writer at a time has a lease (`lease`), which spares others the work; a commit does not rest on it.

`client` is the one way to a store, `settings` how it is found, `mirror` a folder on this machine where `_runs` and what is staged lie while
a process has the dataset, `shore` what a writer does otherwise than on a disk.
"""
