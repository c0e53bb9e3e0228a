# en: An error leads to its line
# zh-Hans: 出错时指向出错的那一行
# mode: imperative

def average(values):
    return sum(values) / len(values)


def report(groups):
    for name, values in groups.items():
        print(name, average(values))


report({"first": [1, 2, 3], "second": []})
