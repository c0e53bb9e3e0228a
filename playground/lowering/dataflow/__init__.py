"""The picture of a program: values and what flows from one to another, made from its syntax tree.

Values have names (``e``), operations are boxes (``add``). A call of one of the program's own functions is drawn as what
happens in it; one whose body is a single operation on its parameters is that operation, under its name. Where ways
meet, after a branch or at the head of a loop, a value has several origins. What changes an object stands between the
object before and after. The picture follows names and objects as far as the text alone tells of them.
"""

from playground.lowering.dataflow.picture import MAX_NODES
from playground.lowering.dataflow.program import graph

__all__ = ["MAX_NODES", "graph"]
