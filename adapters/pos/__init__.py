"""Point-of-sale systems that daybook polls."""
