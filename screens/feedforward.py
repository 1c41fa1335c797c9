"""The feed-forward network."""

from ann_core.lessons.feedforward import break_it, idea, probe, questions, splits, take_home, train
from ann_core.lessons.feedforward.plane import train as points
from ann_core.ui.page import frame

lesson = frame.begin("feedforward")

points.draw(lesson)
idea.draw()
points.look_inside()
train.draw(lesson)
probe.draw()
splits.draw()
break_it.draw()
frame.section("feedforward", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("feedforward")
