"""The browser source, the studio's page, the controls of the console."""
