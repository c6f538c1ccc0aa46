"""Set-up and runners of the workspace. Standard library only: it runs before
anything is installed."""
