# en: Step by step: Python as it is
# zh-Hans: 逐步执行：Python 本来的样子
# mode: imperative

def add(a, b):
    return a + b


def sum_of_four(a, b, c, d):
    left = add(a, b)
    right = add(c, d)
    return add(left, right)


print(sum_of_four(1, 2, 3, 4))
