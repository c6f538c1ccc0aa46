"""The Feed API's tasks and files; ``apis/feed.py`` is the table of its calls."""
