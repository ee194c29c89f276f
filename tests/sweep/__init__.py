"""A fault at the k-th statement or request of a flow, for every k, over real stores and real HTTP."""
