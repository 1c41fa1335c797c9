"""Home: what an artificial neural network is, its building blocks, and the six networks."""

from ann_core.lessons.home import applications, blocks, networks, questions
from ann_core.ui.page import address, frame

lesson = frame.begin("home")

frame.text("home", "welcome")
blocks.draw()
networks.draw()
applications.draw()
questions.draw()
frame.section("home", "promise")
frame.glossary("home")
address.write(lesson)
