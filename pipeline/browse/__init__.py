"""A local, read-only web page over a published snapshot."""
