"""How a run is put together."""

__version__ = "0.1.0"
