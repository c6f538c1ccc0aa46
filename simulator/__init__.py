"""A faithful local eBay: OAuth, REST, Trading XML, notifications and faults.

Run it with ``python -m simulator --port 8080``; how it is built and steered stands
in ``docs/simulator.md``. It never imports the addon it is used to test.
"""
