"""What happens to the data on the way: pure functions, a folder a subject. Only `steps` knows Beam."""
