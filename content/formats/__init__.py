"""Files and definitions: reading what authors bring, writing what they take away."""
