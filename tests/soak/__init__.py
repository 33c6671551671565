"""make soak: what holds for minutes and weeks. A watch under load for half an hour on each engine, a dataset
that grows by the minute for a month."""
