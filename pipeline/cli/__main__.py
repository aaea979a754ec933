"""`python -m pipeline.cli`: the command without its console script."""

from pipeline.cli import main

main()
