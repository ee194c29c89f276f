"""What daybook shows: views of the facts as tables, catching up and rebuilding them, history and time travel."""
