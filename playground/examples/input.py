# en: Reading what you type under Options
# zh-Hans: 读取“选项”里输入的内容
# mode: imperative

import sys

lines = sys.stdin.read().splitlines()
print(f"{len(lines)} lines of input")
for number, line in enumerate(lines, start=1):
    print(number, line.upper())
