"""The pages: what Flask knows of elearn. With app.py and cli.py the only place that imports it."""
