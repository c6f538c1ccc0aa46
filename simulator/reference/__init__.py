"""Reference data of the simulated eBay: marketplaces, categories, product families."""
