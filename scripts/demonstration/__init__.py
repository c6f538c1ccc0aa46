"""What ``scripts/demo`` plays: the main job, step by step, against the local eBay."""
