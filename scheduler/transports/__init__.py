"""The ways out of the program and into it, one small file each."""
