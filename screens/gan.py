"""Generative adversarial networks."""

from ann_core.lessons.gan import break_it, idea, quality, questions, step, take_home, train
from ann_core.lessons.gan.digits import blind, judge, walk
from ann_core.lessons.gan.digits import train as digits
from ann_core.ui.page import frame

lesson = frame.begin("gan")

train.draw(lesson)
idea.draw()
step.draw(lesson)
quality.draw()
break_it.draw()
digits.draw(lesson)
blind.draw()
judge.draw()
walk.draw(lesson)
frame.section("gan", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("gan")
