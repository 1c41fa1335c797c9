"""Home: what an artificial neural network is, its building blocks, and the six networks."""

from ann_core.lessons.home import applications, blocks, hero, networks, questions
from ann_core.ui.page import address, frame

lesson = frame.begin("home")

hero.draw()
frame.text("home", "about")
networks.draw()
blocks.draw()
applications.draw()
questions.draw()
frame.section("home", "promise")
frame.glossary("home")
address.write(lesson)
