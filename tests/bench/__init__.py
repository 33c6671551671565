"""What things cost, as ratios: `python -m tests.bench`. Its processes take their memory as those of the command line do."""

from pipeline.allocator import one_allocator

one_allocator()
