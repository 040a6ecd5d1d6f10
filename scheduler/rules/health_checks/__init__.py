"""When the sides are asked how the relationship is, who is, and what their answers come to. Pure: no answer has a
person here, and none a moment."""
