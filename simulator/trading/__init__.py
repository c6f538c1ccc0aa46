"""The Trading API's calls (XML); ``apis/trading.py`` is their door."""
