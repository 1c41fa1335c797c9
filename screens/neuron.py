"""Foundations: what one neuron computes, and what many of them can."""

from ann_core.lessons.neuron import activations, break_it, depth, layers, one, questions, take_home
from ann_core.ui.page import frame

lesson = frame.begin("neuron")

one.draw(lesson)
activations.draw(lesson)
layers.draw(lesson)
depth.draw(lesson)
break_it.draw()
frame.section("neuron", "takeaways")
questions.draw()
take_home.draw()
frame.glossary("neuron")
