"""The unbounded graph: feeds polled for ever, folders that fill up, a commit for each window of time.

One element, the watch, stands in the graph; `poller` polls for it, never split, with what is not committed yet in its restriction.
`known` drops what is on its way already and numbers versions; `build` wires both to the body that bounded runs have too. Every step runs
in the process that started the watch, where the `desk` is: it looks at the sources, proves each window whole and commits it, in the
order of the polls. `drive` starts the engine and ends it.
"""
