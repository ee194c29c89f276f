"""Every way in: HTTP, command line, settings, and the composition root that knows which part meets which."""
