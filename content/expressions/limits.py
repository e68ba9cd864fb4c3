"""What an expression may cost. Each limit bounds time or memory before either is spent.

The unit of cost is roughly one addition of two floats: about a nanosecond in a large batch. No value is built
that was not paid for first, and a value pays at least one unit for each of its elements.
"""

from __future__ import annotations

MAX_TEXT = 4_000
"""Characters of an expression."""
MAX_LITERAL = 40
"""Characters of one number as written."""
MAX_NAME = 64
"""Characters of one name."""
MAX_NODES = 1_000
"""Nodes of the tree."""
MAX_DEPTH = 64
"""Levels of the tree, and of brackets while reading: keeps every walk far from the recursion limit."""
MAX_EXPONENT = 1e6
"""Magnitude of an exponent that is known in advance; others may be any float, and overflow to infinity."""
MAX_ELEMENTS = 10_000
"""Elements of one value of one variant."""
MAX_SIDE = 100
"""Rows, or columns, of a matrix."""
MAX_ROW_COST = 1_000_000
"""Cost of one variant."""
MAX_BATCH_COST = 60_000_000
"""Cost of one evaluation; a larger batch is for the caller to divide."""
MAX_BATCH_ELEMENTS = 2_000_000
"""Elements of one evaluation's result: 16 MB."""
BLOCK_COST = 2_000_000
"""Cost after which a batch is continued in another block of rows, which bounds memory to about 16 MB."""
MAX_PLANS = 32
"""Combinations of shapes that an expression keeps a compiled plan for."""
