"""New definitions: the worked example, the choice of a model, and the file written from answers."""
