"""The order in which a product's factors are multiplied: what is the same for all items first, what is known late last.

Factors that are the same for all items move out of the loop together (`gpusyn.translate.invariant`). And a processor
works on as many items at a time as it can look ahead, each of which takes as long as the longest chain of operations
from what is loaded to what is stored: ``density * unitary * open * (ca_er - ca)`` has three multiplications after the
open fraction, which is known last of all, and needs but one.

Sums stay as they are written: the ledger of what is added and taken away closes better so.
"""
from __future__ import annotations

import ast
from collections import Counter

from gpusyn.translate.derivative import without_dead_code
from gpusyn.translate.pointwise import Pointwise

LATENCY = {ast.Div: 16, ast.Compare: 4, ast.Call: 40}  # cycles of vectors; 4 of anything else
QUICK = {"where": 4, "maximum": 4, "minimum": 4, "absolute": 1, "sqrt": 20}
SAME = -1  # when what is the same for all items is known


def ordered(function: Pointwise, invariant: set[str], reciprocals=()) -> Pointwise:
    """The same function with products in the order in which their factors become known.

    Args:
        function: without calls of other pointwise functions (`gpusyn.translate.flat.flatten`).
        invariant: arguments that do not change from item to item.
        reciprocals: arguments that are divided by in no time, since their reciprocals are arguments too.
    """
    order = _Order(invariant, reciprocals, used_once(function))
    statements = [(names, order.statement(names, value)) for names, value in function.statements]
    results = [order.visit(result) for result in function.results]
    return without_dead_code(Pointwise(function.name, function.parameters, statements, results, function.keys))


def used_once(function: Pointwise) -> set[str]:
    """The variables that a function reads in one place."""
    values = [*(value for _, value in function.statements), *function.results]
    reads = Counter(node.id for value in values for node in ast.walk(value) if isinstance(node, ast.Name))
    return {name for names, _ in function.statements for name in names if reads[name] == 1}


class _Order(ast.NodeTransformer):
    def __init__(self, invariant, reciprocals, once):
        self.known = dict.fromkeys(invariant, SAME)  # variable: cycles after an item's first load
        self.reciprocals, self.once = set(reciprocals), once
        self.products: dict[str, ast.expr] = {}  # variables whose factors another product may take in their place

    def statement(self, names, value):
        """The value of some variables in order; they are known when it is."""
        value = self.visit(value)
        self.known |= dict.fromkeys(names, self.when(value))
        if is_product(value) and not self.divisions(value) and (names[0] in self.once or self.is_multiple(value)):
            self.products[names[0]] = value
        return value

    def is_multiple(self, product):
        """Whether all factors but one are the same for all items: to multiply by it once more costs nothing then."""
        return sum(self.when(factor) != SAME for _, factor in self.factors(product)) == 1

    def visit_BinOp(self, node):
        if self.when(node) == SAME:
            return node
        return self.product(node) if is_product(node) else self.generic_visit(node)

    def when(self, node) -> int:
        """When the value of an expression is known."""
        match node:
            case ast.Constant():
                return SAME
            case ast.Name():
                return self.known.get(node.id, 0)
        parts = [self.when(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        if isinstance(node, ast.Call):
            latency, parts = QUICK.get(node.func.id, LATENCY[ast.Call]), parts[1:]
        else:
            latency = LATENCY.get(type(node.op) if isinstance(node, ast.BinOp) else type(node), 4)
        last = max(parts, default=SAME)
        return last if last == SAME else last + latency

    def product(self, node):
        """A product of factors in the order in which they are known; one division divides those known before it.

        Two are left as they stand: a product of divisors may overflow where the quotients do not.
        """
        if self.divisions(node) > 1:
            return ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
        factors = [(above, self.visit(factor)) for above, factor in self.factors(node)]
        early = [entry for entry in factors if self.when(entry[1]) == SAME]
        late = [entry for entry in factors if self.when(entry[1]) != SAME]
        divisors = [entry for entry in late if not entry[0] and not self.quick(entry[1])]
        late = self.in_time([entry for entry in late if entry not in divisors])
        for divisor in divisors:
            late.insert(sum(self.when(factor) <= self.when(divisor[1]) for _, factor in late), divisor)
        return chained([*sorted(early, key=lambda entry: not entry[0]), *late])

    def factors(self, node) -> list[tuple[bool, ast.expr]]:
        """The factors of a product, and of variables that are products, each with whether it is above the line."""
        if isinstance(node, ast.Name):
            node = self.products.get(node.id, node)
        if self.when(node) == SAME or not is_product(node):
            return [(True, node)]
        below = isinstance(node.op, ast.Div)
        return [*self.factors(node.left), *([(False, node.right)] if below else self.factors(node.right))]

    def divisions(self, node) -> int:
        """How many divisions by what differs from item to item a product holds."""
        if not is_product(node) or self.when(node) == SAME:
            return 0
        slow = isinstance(node.op, ast.Div) and self.when(node.right) != SAME and not self.quick(node.right)
        deeper = 0 if isinstance(node.op, ast.Div) else self.divisions(node.right)
        return slow + self.divisions(node.left) + deeper

    def quick(self, factor):
        """Whether dividing by this is a multiplication."""
        return isinstance(factor, ast.Name) and factor.id in self.reciprocals

    def in_time(self, factors):
        """Factors as they become known; equal ones side by side, since their product is often wanted elsewhere, too."""
        squares: list[tuple[bool, ast.expr]] = []
        for above, factor in factors:
            number = next((k for k, known in enumerate(squares) if above and known[0] and same(known[1], factor)), None)
            if number is None:
                squares.append((above, factor))
            else:
                squares[number] = (True, ast.BinOp(factor, ast.Mult(), factor))
        return sorted(squares, key=lambda entry: self.when(entry[1]))


def same(one: ast.expr, other: ast.expr) -> bool:
    """Whether two expressions are written alike."""
    return ast.dump(one) == ast.dump(other)


def is_product(node) -> bool:
    """Whether an expression is a product or a quotient."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)


def chained(factors) -> ast.expr:
    """The product of factors from the left to the right, or the quotient by those that are divisors."""
    if not factors[0][0]:
        factors = [(True, ast.Constant(1.0)), *factors]
    whole = factors[0][1]
    for above, factor in factors[1:]:
        whole = ast.BinOp(whole, ast.Mult() if above else ast.Div(), factor)
    return whole
