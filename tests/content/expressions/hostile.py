"""Expressions that somebody might send in bad faith, or by a slip that looks like it.

``REFUSED`` must raise ``ExpressionError``, ``HARMLESS`` must give finite values, ``UNDEFINED`` some that are nan or
infinite. Names stand for the values of ``grammar.SHAPES``; others are unknown.
"""

from __future__ import annotations

PROGRAMS = r"""
__import__('os').system('id')
__import__("subprocess").check_output(["ls"])
().__class__.__base__.__subclasses__()
().__class__.__mro__[-1]
[].__class__.__init__.__globals__
{}.__class__
''.__class__.__bases__[0]
x.__class__
x.__array_interface__
x.tofile
x.dtype.type
v.data
v.base
v.T
(x).real
(1).__add__(2)
1.0.hex()
1..real
x . y
sum.__globals__
exp.__self__
f'{x}'
f"{x.__class__}"
'{0.__class__}'.format(x)
"%s" % x
'a' * 10**10
"a" "b"
'''x'''
b'x'
r'x'
'\x00'
`id`
$(id)
$HOME
${x}
{{7*7}}
{% x %}
<script>alert(1)</script>
lambda: 1
lambda x: x
(lambda x: x)(1)
(lambda: exec)()
[i for i in v]
[i for i in range(10**9)]
(i for i in v)
{i for i in v}
{i: i for i in v}
sum(i for i in v)
(g for g in (0,)).gi_frame
x := 1
(x := 1)
x = 1
x += 1
x == 1; import os
x; y
import os
from os import system
import os as o
exec(x)
exec("1")
eval(x)
eval('1+1')
compile(x, x, x)
open(x)
open('/etc/passwd').read()
input()
print(x)
breakpoint()
exit()
quit()
globals()
locals()
vars()
dir(x)
getattr(x, y)
setattr(x, v, 1)
delattr(x, v)
type(x)
object()
super()
memoryview(x)
bytes(10)
bytearray(10**9)
str(x)
repr(x)
format(x, x)
int(x)
float(x)
complex(x)
bool(x)
list(v)
tuple(v)
dict(x)
set(v)
range(10)
iter(v)
next(v)
map(exp, v)
filter(exp, v)
zip(v, w)
reduce(exp, v)
vectorize(x)
fromfunction(x)
load(x)
save(x, v)
genfromtxt(x)
memmap(x)
frombuffer(v)
ctypes(x)
pickle(x)
factorial(10**7)
factorial(5)
gamma(1e6)
comb(10**6, 5)
isprime(10**30)
integrate(x, x)
diff(x, x)
Symbol(x)
sympify(x)
def f(): pass
class A: pass
return x
yield x
(yield)
await x
async def f(): 1
del x
pass
raise x
assert x
while 1: 1
while True: pass
for i in v: i
with x: 1
try: x
global x
nonlocal x
@x
@x\ndef f(): 1
x is 1
x is not 1
x in v
x not in v
not in v
x if x
x else x
if x: 1
*v
**v
max(*v)
max(**v)
max(x=1)
max(x, axis=0)
sum(v, axis=0)
x -> 1
x ? 1 : 2
x ?? 1
...
x[...]
x...
_
__
___
_x
x._
__name__
__builtins__
__builtins__['eval']
__doc__
0 .__class__
x!
x!!
!x
x++
x--
x << 1
x << 10**9
x >> 1
1 << 2
x & 1
x | 1
~x
x // 1
x % 1
x <> 1
x =< 1
x === 1
x !== 1
x && 1
x || 1
\frac{1}{2}
$x$
x' y
// x
/* x */ 1
# x
x # comment
x \
  + 1 \
SELECT 1
1' OR '1'='1
1); DROP TABLE items; (1
../../etc/passwd
C:\x
http://x
%00
%s%s%s
&lt;
=1+1
=HYPERLINK(x)
@SUM(v)
+cmd|' /C calc'!A0
-2+3+cmd|'x'
nan
inf
NaN
Infinity
-inf
null
None
True
False
undefined
true
i
j
1j
I
oo
zoo
E
PI
""".strip("\n").split("\n")

LOOKALIKES = [
    "х + 1",  # Cyrillic
    "е**2",
    "р*2",
    "ехр(1)",
    "ѕin(1)",
    "аbs(-1)",
    "ο + 1",  # Greek
    "α",
    "λ*x",
    "µ",
    "π",
    "σ(x)",
    "ｘ",  # full width
    "ｅｘｐ(1)",
    "（1）",
    "［1］",
    "1＋1",
    "𝑥 + 1",  # mathematical alphabets
    "𝐞𝐱𝐩(1)",
    "ℯ",
    "ℝ",
    "ⅷ",
    "ﬁ",
    "ß",
    "é",
    "e\u0301",
    "x\u0300",
    "١ + ١",  # digits of other scripts
    "١٢٣",
    "१२",
    "১",
    "๑",
    "１",
    "𝟏",
    "²",
    "x²",
    "½",
    "①",
    "Ⅳ",
    "1\u066b5",
    "1\u066c000",
    "1−2",  # signs
    "1–2",
    "1—2",
    "2×3",
    "2·3",
    "2⋅3",
    "6÷2",
    "6∕2",
    "x≤1",
    "x≥1",
    "x≠1",
    "x≈1",
    "∞",
    "√4",
    "∑",
    "∂",
    "x′",
    "5%",
    "1‚5",
    "1\u00a0+ 1",  # spaces and invisible characters
    "1\u2009000",
    "1\u3000+1",
    "1\u200b2",
    "x\u200d",
    "\ufeff1",
    "\u202e1+2",
    "\u2066x\u2069",
    "x\u00ad",
    "1\u20281",
    "1\u0085+1",
    "\x00",
    "x\x00y",
    "1\x00",
    "\x001",
    "\x07",
    "\x1b[31m1",
    "\x7f",
    "1\x0b+1",
    "1\x0c+1",
    "\ud800",
    "x\udfff",
    "\U0010ffff",
    "😀",
]

NUMBERS = [
    "1e400",
    "1e309",
    "-1e309",
    "1.8e308",
    "1e99999999999999999999",
    "1e-400",
    "1e-99999999999999999999",
    "9" * 41,
    "9" * 4_000,
    "0." + "0" * 50 + "1",
    "1" + "0" * 400,
    "0x10",
    "0X1F",
    "0b11",
    "0o17",
    "1_000",
    "_1",
    "1__0",
    "1e",
    "1e+",
    "1e1.5",
    "1e1e1",
    "1.2.3",
    "1..2",
    "..1",
    ".",
    ".e1",
    "e1.",
    "1,5",
    "1.000,50",
    "1 000",
    "1'000",
    "1 .5",
    "1. 5",
    "+",
    "-",
    "1+",
    "1 -",
    "*1",
    "/1",
    "1 2",
    "2x",
    "2(3)",
    "(2)3",
    "(2)(3)",
    "x(1)",
    "pi(2)",
    "e(1)",
    "5 mod 3",
    "50%",
    "1m",
    "1e5f",
    "1L",
    "1u",
    "0d",
    "1/",
]

STRUCTURES = [
    "",
    " ",
    "\n",
    "\n" * 3_999,
    " " * 5_000,
    "(",
    ")",
    "()",
    "(())",
    "[",
    "]",
    "[]",
    "[[]]",
    "[,]",
    "[1,]",
    "[1,,2]",
    "(1,)",
    "(1, 2)",
    "v[",
    "v[]",
    "v[,]",
    "v[0,]",
    "v[0,0]",
    "v[0][0]",
    "v[::2]",
    "v[::]",
    "v[0:1:1]",
    "v[1:0]",
    "v[9]",
    "v[-9]",
    "v[99999999999]",
    "v[1e300]",
    "v[0.5]",
    "v[x:]",
    "v[v]",
    "x[0]",
    "1[0]",
    "a[0, 0, 0]",
    "max(",
    "max)",
    "max()",
    "max(,)",
    "max(1,)",
    "max(" + "1, " * 16 + "1)",
    "exp(1, 2)",
    "exp",
    "exp + 1",
    "exp exp",
    "exp(exp)",
    "sum(1)",
    "sum(v, x)",
    "sum(v, 5)",
    "sum(v, 0.5)",
    "sum(v, -1)",
    "sum(v, 1/0)",
    "sum(v, 0/0)",
    "round(x, 1e9)",
    "round(x, x)",
    "x < ",
    "< x",
    "x < < x",
    "x not",
    "x and",
    "or x",
    "not",
    "not not",
    "x == not x",
    "if",
    "else",
    "if else",
    "x if",
    "x if x else",
    "x if else x",
    "x if x else x else x",
    "v + [1, 2]",
    "v + a",
    "a @ [1, 2]",
    "x @ x",
    "[v, [1, 2]]",
    "[a, a]",
    "[[[1]]]",
    "inv(v)",
    "det([[1, 2]])",
    "solve(a, [1, 2])",
    "identity(0)",
    "identity(-1)",
    "zeros(-5)",
    "zeros(1.5)",
    "ones(x)",
    "linspace(0, 1, 0)",
    "linspace(0, 1, 1/0)",
    "unknown",
    "unknown + x",
    "unknown(x)",
    "x" * 65,
    "x" * 4_001,
    "(" * 3_000,
    ")" * 3_000,
    "(" * 65 + "1" + ")" * 65,
    "(" * 1_999 + "1" + ")" * 1_999,
    "[" * 65 + "1" + "]" * 65,
    "[" * 3_000,
    "-" * 100_000 + "1",
    "-" * 3_999 + "1",
    "-" * 65 + "1",
    "+" * 3_999 + "1",
    "not " * 900 + "x",
    "x+" * 5_000 + "x",
    "x+" * 1_900 + "x",
    "x*" * 70 + "x",
    "2**" * 1_000 + "2",
    "x if x else " * 300 + "x",
    "exp(" * 900 + "x" + ")" * 900,
    "exp(" * 64 + "x" + ")" * 64,
    "v" + "[0]" * 900,
    "1" + "<1" * 1_500,
    "[" + "1," * 1_500 + "1]",
    "max(" + "x," * 1_500 + "x)",
    "x," * 1_900,
    "(x+" * 600 + "x" + ")" * 600,
    "x and " * 600 + "x",
]

COSTS = [
    "9**9**9",
    "9^9^9",
    "10**10**10",
    "10**10**10 % 3",
    "mod(10**10**10, 3)",
    "2**1e7",
    "2**-1e7",
    "x**1e300",
    "x**(9**9)",
    "x**(1/0)",
    "2**(2**(2**(2**(2**2))))",
    "v**[1, 2, 1e9]",
    "[0]*10**10 + v",
    "zeros(10**10)",
    "zeros(10001)",
    "zeros(101, 1)",
    "zeros(1, 101)",
    "zeros(10**4, 10**4)",
    "ones(1e5, 1e5)",
    "identity(10000)",
    "identity(1e18)",
    "identity(101)",
    "diag(ones(10000))",
    "outer(ones(10000), ones(10000))",
    "outer(ones(101), v)",
    "linspace(0, 1, 1e9)",
    "linspace(0, 1, 10001)",
    "inv(identity(100))",
    "solve(identity(100), identity(100))",
    "eigvals(identity(64))",
    "det(identity(90))",
    "identity(100) @ identity(100)",
    "identity(90) @ identity(90) @ identity(90)",
    "[linspace(0, 1, 9999), linspace(0, 1, 9999)]",
    "sum(" + "sort(" * 8 + "linspace(0, 1, 9999)" + ")" * 9,
    "sum(linspace(1, 2, 9999)**x + linspace(1, 2, 9999)**x + linspace(1, 2, 9999)**x)",
    " + ".join(["sum(zeros(9999))"] * 60),
    " + ".join(["det(identity(60))"] * 60),
]

REFUSED = [*PROGRAMS, *LOOKALIKES, *NUMBERS, *STRUCTURES, *COSTS]

HARMLESS = [
    "1e308",
    "9" * 39,
    "-0.0",
    "0**0",
    "007",
    "1e-307",
    "4.9e-324",
    "(9**9)**9",
    "x**0",
    "--1",
    "-+-+1",
    "2**-1",
    "1 - -1",
    "-" * 60 + "1",
    "(" * 60 + "1" + ")" * 60,
    "t+" * 60 + "t",
    "exp(-1e308)",
    "tanh(1e308)",
    "sigmoid(-1e308)",
    "sigmoid(1e308)",
    "softmax([1e308, -1e308])",
    "relu(-1e308)",
    "clip(1e308, 0, 1)",
    "sign(-1e308)",
    "logsumexp([1e308, 0])",
    "mod(1e308, 3)",
    "round(1e308, 300) < 1",
    "round(1.5, -300)",
    "1/1e308",
    "isfinite(1/0)",
    "isfinite([0/0, 1])",
    "0/0 < 1",
    "0/0 == 0/0",
    "1 if 0/0 else 2",
    "not 0/0",
    "max([1, 2])",
    "max(1, 2, 3)",
    "sum(zeros(10000))",
    "sum(identity(100))",
    "trace(identity(100))",
    "det(identity(50))",
    "sum(linspace(0, 1, 10000))",
    "inv(identity(40))",
    "v[\n0\n] < 1",
    "\t1\r\n",
    "w[0:3]",
    "[[1, 2], [3, 4]][0][1]",
    "lambda * 0 + 1",
    "1 if x else 2",
    "t if 0 else 1",
]

UNDEFINED = [
    "1/0",
    "-1/0",
    "0/0",
    "0**-1",
    "(9**9)**99",
    "9**999999",
    "1e308*10",
    "-1e308 - 1e308",
    "exp(1e308)",
    "exp(exp(exp(exp(9))))",
    "log(0)",
    "log(-1)",
    "log2(-1)",
    "log10(0)",
    "log1p(-1)",
    "sqrt(-1)",
    "(-1)**0.5",
    "sin(1/0)",
    "cos(0/0)",
    "mod(1, 0)",
    "mod(1/0, 2)",
    "sum([1/0, -1/0])",
    "mean([0/0, 1])",
    "median([0/0, 1, 2])",
    "var([1/0, 1])",
    "std([1e308, -1e308])",
    "norm2([1e308, 1e308])",
    "softmax([1/0, 1])",
    "entropy([-1, 2])",
    "prod([1e308, 1e308])",
    "cumsum([1/0, -1/0])",
    "sort([0/0, 1])",
    "min([0/0, 1])",
    "max(0/0, 1)",
    "inv([[0, 0], [0, 0]])",
    "inv([[1, 1], [1, 1]])",
    "inv([[0/0, 1], [1, 1]])",
    "inv([[1/0, 1], [1, 1]])",
    "solve([[1, 1], [1, 1]], [1, 2])",
    "solve([[0/0, 0/0], [0/0, 0/0]], [0/0, 0/0])",
    "det([[1/0, 0], [0, 1/0]])",
    "det([[0/0, 1], [1, 1]])",
    "eigvals([[0/0, 0/0], [0/0, 0/0]])",
    "eigvals([[1/0, 1], [1, 1]])",
    "eigvals([[0, 1], [0, 0]])",
    "outer([1/0, 0], [0, 1/0])",
    "[[1/0, 0], [0, 1]] @ [0, 1]",
    "linspace(1/0, 0, 5)",
    "clip(0/0, 0, 1)",
    "round(1/0)",
    "floor(0/0)",
    "[1, 2, 3][k + 10]",
    "[1, 2, 3][x*1e300]",
]
