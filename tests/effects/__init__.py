"""Effects at other systems, under every fault: none of them twice, none of them forgotten."""
