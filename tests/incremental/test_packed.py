"""What files were made from, laid aside: it comes out as it went in."""

from hypothesis import given
from hypothesis import strategies as st

from incremental.fragments import Fragment, Piece
from incremental.packed import Packed, pack, unpack
from incremental.traces import Inputs, Read, Trace

texts = st.text()
digests = st.binary(max_size=16)
names = st.tuples(texts, st.none() | st.lists(texts).map(tuple))
fragments = st.builds(Fragment, texts, texts, texts)
numbers = st.integers(min_value=0)
traces = st.builds(
    Trace,
    st.builds(Inputs, digests, digests, digests, digests, st.lists(names).map(tuple), texts, texts),
    st.lists(st.builds(Read, texts, st.lists(texts).map(tuple), digests)).map(tuple),
    st.lists(st.builds(Piece, fragments, numbers, numbers)).map(tuple),
    st.frozensets(fragments),
)


@given(traces)
def test_a_trace_comes_out_as_it_went_in(trace: Trace) -> None:
    found = unpack(pack(trace))
    assert found == trace
    assert type(found.inputs) is Inputs
    assert all(type(piece.fragment) is Fragment for piece in found.pieces)


def test_the_last_word_about_a_file_counts_and_some_have_none() -> None:
    packed = Packed()
    first, last = Trace(Inputs(frame=b"first")), Trace(Inputs(frame=b"last"))
    packed.put("a", pack(first))
    packed.put("b", b"")
    packed.put("a", pack(last))
    assert dict(packed) == {"a": last, "b": None}
    assert len(packed) == 2
