"""How articles, drafts and rows travel from step to step: what a slice takes, how it is packed and handed over, checked and written."""
