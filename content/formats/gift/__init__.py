"""GIFT, the text format of Moodle for questions, and Aiken, the simpler one."""
