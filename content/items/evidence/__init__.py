"""What an author may see of an item's draws: samples, variants side by side, and what its certificate rests on."""
