"""Category trees: by version, in batches, and never with anything lost."""

from contextlib import closing, suppress
from unittest.mock import patch

from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ebay_sync.ebay_api.errors import ContractError
from odoo.addons.ebay_sync.flows.reference.category_trees import CategoryTrees

from .reference import PART_LOGGER, ReferenceCase, node

BATCH = "odoo.addons.ebay_sync.flows.reference.category_trees.BATCH"


@tagged("post_install", "-at_install")
class TestCategoryTrees(ReferenceCase):
    @property
    def tree(self):
        return self.env["ebay.category.tree"].search([("tree_ref", "=", "77")])

    def category(self, ref):
        return self.env["ebay.category"].search(
            [("tree_id", "=", self.tree.id), ("category_ref", "=", ref)]
        )

    def shape(self):
        """Every category with its parent, and whether it has expired."""
        return {
            row.category_ref: (row.parent_id.category_ref, bool(row.expired_at))
            for row in self.env["ebay.category"].search(
                [("tree_id", "=", self.tree.id)]
            )
        }

    def change(self, *children, version="131"):
        self.ebay.plant("77", version, *children)
        return self.refresh()

    def test_a_tree_is_stored_with_its_version_and_marketplace(self):
        log, _asked = self.refresh()
        self.assertEqual(self.tree.version, "130")
        self.assertEqual(self.tree.marketplace_ids, self.germany)
        self.assertEqual(self.tree.category_count, 4)
        self.assertTrue(self.tree.fetched_at)
        self.assertEqual(
            self.shape(),
            {
                "1": (False, False),
                "2": ("1", False),
                "3": ("1", False),
                "4": (False, False),
            },
        )
        leaf = self.category("2")
        self.assertTrue(leaf.is_leaf)
        self.assertEqual(leaf.complete_name, "Name 1 > Name 2")
        self.assertEqual(leaf.parent_path, f"{leaf.parent_id.id}/{leaf.id}/")
        line = log.line_ids.filtered(lambda line: line.res_model == self.tree._name)
        self.assertEqual(line.action, "created")
        self.assertEqual(line.changes["version"], [False, "130"])

    def test_what_was_renamed_moved_added_and_expired_is_followed(self):
        self.refresh()
        ids = {ref: self.category(ref).id for ref in "1234"}
        self.ebay.expired = [("3", "5")]
        log, asked = self.change(
            node("4", node("2", node("5"), name="Two")), node("1", node("6"))
        )
        self.assertEqual(asked["expired"], 1)
        self.assertEqual(
            self.shape(),
            {
                "1": (False, False),
                "2": ("4", False),
                "3": ("1", True),
                "4": (False, False),
                "5": ("2", False),
                "6": ("1", False),
            },
        )
        moved = self.category("2")
        self.assertEqual({ref: self.category(ref).id for ref in "1234"}, ids)
        self.assertEqual(moved.complete_name, "Name 4 > Two")
        self.assertEqual(moved.parent_path, f"{ids['4']}/{ids['2']}/")
        self.assertFalse(moved.is_leaf)
        self.assertEqual(self.category("3").successor_id, self.category("5"))
        self.assertEqual((self.tree.version, self.tree.category_count), ("131", 5))
        # 2 and 4 changed, 3 expired; 1 stayed as it was
        self.assertEqual((log.created_count, log.updated_count), (2, 3))
        self.assertEqual(
            self.env["ebay.category"].search_count(
                [("id", "child_of", self.category("4").id)]
            ),
            3,
        )

    def test_only_what_changed_is_written(self):
        self.refresh()
        before = self.row_places("ebay_category")
        self.change(node("1", node("2", name="Two"), node("3")), node("4"))
        moved = self.row_places("ebay_category") - before
        self.assertEqual([row_id for _place, row_id in moved], [self.category("2").id])

    def test_a_tree_turned_upside_down(self):
        self.change(node("1", node("2", node("3", node("4")))), version="1")
        self.change(node("4", node("3", node("2", node("1")))), version="2")
        self.assertEqual(
            {ref: parent for ref, (parent, _expired) in self.shape().items()},
            {"4": False, "3": "4", "2": "3", "1": "2"},
        )
        path = "/".join(str(self.category(ref).id) for ref in "4321")
        self.assertEqual(self.category("1").parent_path, path + "/")

    def test_what_comes_back_is_no_longer_expired(self):
        self.refresh()
        self.ebay.expired = [("4", "2")]
        self.change(node("1", node("2"), node("3")))
        self.assertTrue(self.category("4").expired_at)
        self.change(node("1", node("2"), node("3"), node("4")), version="132")
        back = self.category("4")
        self.assertFalse(back.expired_at or back.successor_id)
        self.assertEqual(back.parent_id, self.category("1"))

    def test_a_successor_that_expires_hands_on(self):
        self.refresh()
        self.ebay.expired = [("2", "3")]
        self.change(node("1", node("3")), node("4"))
        self.assertEqual(self.category("2").successor_id, self.category("3"))
        self.ebay.expired = [("3", "4"), ("9", "4"), ("4", "3")]
        self.change(node("4"), version="132")
        self.assertEqual(self.category("2").successor_id, self.category("4"))
        self.assertEqual(self.category("3").successor_id, self.category("4"))
        self.assertFalse(self.category("4").successor_id)

    def test_successors_in_a_circle_or_unknown_are_left_out(self):
        self.refresh()
        self.ebay.expired = [("2", "3"), ("3", "2"), ("4", "404")]
        log, _asked = self.change(node("1"))
        self.assertEqual(log.state, "done")
        followed = self.env["ebay.category"].search([("successor_id", "!=", False)])
        self.assertFalse(followed)

    def test_the_version_stays_until_everything_is_done(self):
        self.refresh()
        self.ebay.errors["expired"] = ContractError("No JSON")
        with mute_logger(PART_LOGGER):
            log, _asked = self.change(node("1"))
        self.assertEqual(log.failed_count, 1)
        self.assertEqual(self.tree.version, "130")
        self.ebay.errors.clear()
        self.refresh()
        self.assertEqual(self.tree.version, "131")

    def test_an_empty_answer_expires_nothing(self):
        self.refresh()
        with mute_logger(PART_LOGGER):
            log, _asked = self.change()
        self.assertEqual(log.failed_count, 1)
        self.assertFalse(any(expired for _parent, expired in self.shape().values()))
        self.assertEqual(self.tree.version, "130")

    def test_an_answer_with_unreadable_nodes_expires_nothing(self):
        self.refresh()
        log, _asked = self.change({"category": {}}, node("1"))
        self.assertEqual((log.state, log.failed_count), ("done", 1))
        self.assertFalse(any(expired for _parent, expired in self.shape().values()))

    def test_two_marketplaces_of_one_tree_fetch_it_once(self):
        austria = self.env.ref("ebay_sync.marketplace_at")
        self.ebay.tree_ids["EBAY_AT"] = "77"
        self.account.marketplace_ids += austria
        _log, asked = self.refresh()
        self.assertEqual((asked["tree_id"], asked["tree"]), (2, 1))
        self.assertEqual(self.tree.marketplace_ids, self.germany + austria)
        self.ebay.tree_ids["EBAY_AT"] = "16"
        self.refresh()
        self.assertEqual(self.tree.marketplace_ids, self.germany)

    def test_another_account_of_the_environment_shares_the_tree(self):
        self.refresh()
        _company, account = self.second_company()
        self.connect(account)
        account.marketplace_ids = self.germany
        _log, asked = self.refresh(account)
        self.assertEqual((asked["tree_id"], asked["tree"]), (1, 0))

    def test_the_tree_that_another_worker_writes_is_left_to_it(self):
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                ("ebay_sync:category_tree:sandbox:77",),
            )
            log, asked = self.refresh()
        self.assertEqual((log.state, log.skipped_count), ("done", 1))
        self.assertFalse(asked["tree"])

    # -- slices ----------------------------------------------------------------

    def stop_after(self, batches):
        """Let the time of a run be up after so many batches of two categories."""
        write = CategoryTrees._write

        def slowly(trees, *args):
            for number, count in enumerate(write(trees, *args), 1):
                if number == batches:
                    trees.run.checkpoint.deadline = 0
                yield count

        return patch.object(CategoryTrees, "_write", slowly), patch(BATCH, 2)

    def test_a_big_tree_is_written_in_slices_that_follow_each_other(self):
        leaves = [node(str(number)) for number in range(10, 15)]
        self.ebay.plant("77", "140", node("1", *leaves), node("2"))
        slow, small = self.stop_after(2)
        states, versions, counts = [], [], []
        with slow, small:
            for _slice in range(6):
                log, asked = self.refresh()
                states.append(log.state)
                versions.append(self.tree.version)
                counts.append(len(self.shape()))
                if log.state == "done":
                    break
                self.assertEqual(
                    self.account.reference_resume, f"categories {self.germany.code}"
                )
        self.assertEqual(states, ["partial", "partial", "done"])
        self.assertEqual(versions, [False, False, "140"])
        self.assertEqual(counts, [4, 7, 7])
        self.assertFalse(asked["locations"], "what was done is not done again")
        self.assertFalse(self.account.reference_resume)

    def test_a_kill_between_two_batches_loses_and_doubles_nothing(self):
        self.refresh()
        self.ebay.plant("77", "140", node("4", node("2")), node("5", node("6")))

        class Killed(BaseException):
            pass

        real = type(self.env["ebay.category"]).create

        def killed(records, vals_list):
            if any(vals["category_ref"] == "6" for vals in vals_list):
                raise Killed
            return real(records, vals_list)

        with patch.object(type(self.env["ebay.category"]), "create", killed):
            # no assertRaises: Odoo's would take back what was committed
            with suppress(Killed):
                self.refresh()
        self.assertEqual(self.tree.version, "130")
        self.assertEqual(self.shape()["5"], (False, False))
        self.assertEqual(self.shape()["3"], ("1", False))
        self.refresh()
        self.assertEqual(self.tree.version, "140")
        self.assertEqual(
            self.shape(),
            {
                "1": (False, True),
                "2": ("4", False),
                "3": ("1", True),
                "4": (False, False),
                "5": (False, False),
                "6": ("5", False),
            },
        )

    # -- hostile trees ---------------------------------------------------------

    def test_any_depth(self):
        deep = node("300", name="x" * 5000)
        for number in range(299, 0, -1):
            deep = node(str(number), deep, name="<b>" + "y" * 300)
        self.env.cr.execute(
            "SELECT setval(pg_get_serial_sequence('ebay_category', 'id'), 2000000000)"
        )
        log, _asked = self.change(deep)
        self.assertEqual(log.state, "done", self.failures(log))
        lowest = self.category("300")
        self.assertEqual(lowest.parent_path.count("/"), 300)
        self.assertEqual(len(lowest.complete_name), 1000)
        # and the whole chain moves under a new top
        log, _asked = self.change(node("0top", deep), version="132")
        self.assertEqual(log.state, "done", self.failures(log))
        self.assertEqual(self.category("300").parent_path.count("/"), 301)

    def test_the_same_category_twice_is_stored_once(self):
        log, _asked = self.change(node("1", node("2", node("1"))), node("2"))
        self.assertEqual(log.state, "done")
        self.assertEqual(log.failed_count, 2)
        self.assertEqual(self.shape(), {"1": (False, False), "2": (False, False)})

    def test_a_tree_of_thousands(self):
        branches = [
            node(f"b{b}", *(node(f"b{b}l{n}") for n in range(50))) for b in range(100)
        ]
        log, _asked = self.change(*branches)
        self.assertEqual(log.created_count, 5100)
        self.assertEqual(self.tree.category_count, 5100)
        renamed = [
            {**branch, "category": {**branch["category"], "categoryName": "New"}}
            for branch in branches
        ]
        log, _asked = self.change(*renamed, version="132")
        self.assertEqual((log.updated_count, log.created_count), (5100, 0))
        self.assertEqual(self.category("b7l7").complete_name, "New > Name b7l7")
