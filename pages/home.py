"""Home: what an artificial neural network is, and the way to the six networks."""

from ann_core.lessons.home import networks
from ann_core.ui import address, frame

lesson = frame.begin("home")

frame.text("home", "welcome")
networks.draw()
frame.section("home", "promise")
frame.glossary("home")
address.write(lesson)
