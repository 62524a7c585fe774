"""The demo of a sandbox: people, streams and a month of gifts, all made through the site's services."""
