"""Generative adversarial networks."""

from ann_core.lessons.gan import idea, quality, questions, step, take_home, train
from ann_core.ui import frame

lesson = frame.begin("gan")

idea.draw()
train.draw(lesson)
step.draw(lesson)
quality.draw()
frame.section("gan", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("gan")
