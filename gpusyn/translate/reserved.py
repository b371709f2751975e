"""Names that generated source gives to its own things: a model's quantity of such a name is called otherwise there."""
from __future__ import annotations

from gpusyn import lang

CXX_WORDS = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl concept const consteval
    constexpr constinit const_cast continue decltype default delete do double dynamic_cast else enum explicit export
    extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or
    or_eq private protected public register reinterpret_cast requires return short signed sizeof static static_assert
    static_cast struct switch template this thread_local throw true try typedef typeid typename union unsigned using
    virtual void volatile wchar_t while xor xor_eq real index_t Values Words
"""
STEP_WORDS = """
    i item point now clock n_step n_point n_item dt_ms inside fired spike spike_at spike_count seeds
    pre_index post_index n_pre n_post pre_spike post_spike step first key0 key1 w0 w1 w2 w3 np inner operation
    philox normal uniform chance t dt synapse place partner partners numbers starts sites n_listed listed site n_site
    row row_low row_high n_piece seen_piece from_piece to_piece
    added amounts count_flags count_fired add_block_sum blockIdx blockDim gridDim threadIdx
"""
CXX = frozenset(CXX_WORDS.split())  # what no variable of an equation may be called
IN_STEP = CXX | {*STEP_WORDS.split(), *lang.PRIMITIVES, "exprel"}  # nor one of the fused step


def free_name(name: str, reserved: frozenset[str]) -> str:
    """The name, or another if it is a reserved one."""
    return f"{name}_value" if name in reserved else name
