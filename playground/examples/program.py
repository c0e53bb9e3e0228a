# en: First a program, then its result
# zh-Hans: 先写出程序，再得到结果
# mode: symbolic

def define_add():
    return """
def add(a, b):
    return a + b
"""


def define_sum_of_four():
    return """
def sum_of_four(a, b, c, d):
    left = add(a, b)
    right = add(c, d)
    return add(left, right)
"""


def build():
    return define_add() + define_sum_of_four() + "\nprint(sum_of_four(1, 2, 3, 4))\n"


prog = build()
print(prog)
exec(compile(prog, "", "exec"))
