"""Secrets: never plain, never in the database's hands, rotatable."""

import os
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from odoo.addons.ebay_sync import vault

from .common import EbayCase


@tagged("post_install", "-at_install")
class TestVault(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "data dir"
        self.startPatcher(
            patch.object(vault, "key_file", lambda: self.folder / "ebay_sync.key")
        )
        environment = {k: v for k, v in os.environ.items() if not k.startswith("EBAY_")}
        self.startPatcher(patch.dict(os.environ, environment, clear=True))

    def test_the_key_file_is_made_once_and_for_the_owner_only(self):
        secret = vault.encrypt("s3cret")
        path = self.folder / "ebay_sync.key"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertNotIn("s3cret", secret)
        self.assertEqual(vault.decrypt(secret), "s3cret")
        self.assertEqual([file.name for file in self.folder.iterdir()], [path.name])

    def test_what_a_killed_start_left_is_in_nobodys_way(self):
        left = self.folder / f"ebay_sync.key.{os.getpid()}"
        left.parent.mkdir()
        left.touch()
        vault.encrypt("a secret")
        self.assertTrue(vault.key_file().is_file())

    def test_the_environment_comes_before_the_file(self):
        in_file = vault.encrypt("one")
        with patch.dict(
            os.environ, {vault.ENVIRONMENT_VARIABLE: Fernet.generate_key().decode()}
        ):
            self.assertEqual(vault.key_source(), "environment")
            with self.assertRaises(vault.VaultError):
                vault.decrypt(in_file)

    def test_a_key_file_that_others_can_read_is_noticed(self):
        vault.encrypt("one")
        self.assertFalse(vault.is_readable_by_others())
        vault.key_file().chmod(0o640)
        self.assertTrue(vault.is_readable_by_others())
        key = Fernet.generate_key().decode()
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: key}):
            self.assertFalse(vault.is_readable_by_others(), "the file is not in use")

    def test_a_key_file_that_is_none_is_a_clear_state(self):
        secret = vault.encrypt("one")
        path = vault.key_file()
        for content in (b"", b"\n,\n", b"\xff\xfe", b"not a key"):
            path.write_bytes(content)
            with self.subTest(content), self.assertRaises(vault.VaultError):
                vault.decrypt(secret)
        path.unlink()
        path.mkdir()
        with self.assertRaises(vault.VaultError):
            vault.decrypt(secret)

    def test_the_newest_key_is_told_from_older_ones(self):
        old, new = (Fernet.generate_key().decode() for _ in range(2))
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: old}):
            secret = vault.encrypt("one")
            self.assertTrue(vault.is_newest(secret))
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: f"{new},{old}"}):
            self.assertFalse(vault.is_newest(secret))
            self.assertTrue(vault.is_newest(vault.rotate(secret)))
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: new}):
            for lost in (secret, "", "ä", "gAAAA"):
                with self.assertRaises(vault.VaultError):
                    vault.is_newest(lost)

    def test_a_rotated_secret_needs_only_the_new_key(self):
        old, new = (Fernet.generate_key().decode() for _ in range(2))
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: old}):
            secret = vault.encrypt("one")
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: f"{new}, {old}"}):
            rotated = vault.rotate(secret)
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: new}):
            self.assertEqual(vault.decrypt(rotated), "one")
            with self.assertRaises(vault.VaultError):
                vault.decrypt(secret)

    def test_a_lost_or_broken_key_is_a_clear_error(self):
        secret = vault.encrypt("one")
        (self.folder / "ebay_sync.key").unlink()
        with self.assertRaisesRegex(vault.VaultError, "missing"):
            vault.decrypt(secret)
        with patch.dict(os.environ, {vault.ENVIRONMENT_VARIABLE: "no key"}):
            with self.assertRaisesRegex(vault.VaultError, "no Fernet key"):
                vault.encrypt("two")

    def test_the_configuration_may_hold_the_key(self):
        key = Fernet.generate_key().decode()
        with patch.dict(config.options, {vault.CONFIG_OPTION: key}):
            self.assertEqual(vault.key_source(), "configuration")
            self.assertEqual(vault.decrypt(vault.encrypt("x")), "x")


@tagged("post_install", "-at_install")
class TestSecrets(EbayCase):
    def test_a_secret_is_stored_encrypted_and_never_read_back(self):
        self.assertTrue(self.account.has_client_secret)
        self.assertFalse(self.account.client_secret)
        values = self.env["ir.config_parameter"].search([]).mapped("value")
        self.assertFalse([v for v in values if "SBX-0123456789ab-secret" in (v or "")])
        secrets = self.env["ebay.secret"]
        self.assertEqual(
            secrets._get(self.account, "client_secret"), "SBX-0123456789ab-secret"
        )

    def test_secrets_are_kept_by_account_and_environment(self):
        twin = self.account.copy({"name": "Twin"})
        self.assertFalse(twin.has_client_secret)
        self.account.write({"app_ref": False, "environment": "production"})
        self.assertFalse(self.account.has_client_secret)

    def test_rotation_goes_over_everything(self):
        self.connect()
        self.assertGreaterEqual(self.env["ebay.secret"]._rotate(), 3)
        secrets = self.env["ebay.secret"]
        self.assertEqual(secrets._get(self.account, "refresh_token"), "v^1.1#refresh")

    def test_a_deleted_account_leaves_no_secret(self):
        self.connect()
        self.account.unlink()
        left = self.env["ir.config_parameter"].search(
            [("key", "=like", "ebay_sync.secret.%")]
        )
        self.assertFalse(left)
