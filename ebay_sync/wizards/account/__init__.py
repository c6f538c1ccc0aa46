"""The doctor: what is wrong with an account, and the button that cures it."""

from . import ebay_doctor
