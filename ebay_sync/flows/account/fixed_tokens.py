"""Tokens that are at hand already: no database, no renewal."""

from ...ebay_api.errors import AuthError


class FixedTokens:
    """A TokenSource for a consent that is not stored yet, and for other threads.

    ``app`` may be an error in the place of a token: it is raised when one is wanted.
    """

    def __init__(self, user, app=None):
        self.user = user
        self.app = app or AuthError("There is no application token at hand")

    def user_token(self):
        """The seller's access token."""
        return self.user

    def app_token(self):
        """The application's access token; raises the error that stands for it."""
        if isinstance(self.app, Exception):
            raise self.app
        return self.app

    def renew(self, kind, rejected):
        """A token that was just handed out is not renewed. Raises AuthError."""
        raise AuthError("eBay does not accept the token it just gave")
