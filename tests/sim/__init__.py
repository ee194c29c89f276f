"""The deterministic simulator: a whole daybook in one process, driven by one seed, with every fault we know of."""
