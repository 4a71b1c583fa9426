"""The look of an organisation's certificates: a folder of the site with a logo, colours and who signs; read as data, never run."""
