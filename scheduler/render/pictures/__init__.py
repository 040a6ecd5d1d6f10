"""Where everything stands in a picture: values in; coordinates, and the words that stand at them, out.

Pure geometry: nothing is drawn here. `templates/web/site/_pictures.html.j2` draws it as SVG, in user units that are CSS
pixels, with x to the right and y downwards. Colour never says anything alone: each state has a shape of its own.
"""
