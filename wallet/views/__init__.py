"""The wallet's pages, one module per idea."""
