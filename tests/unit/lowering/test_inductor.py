from playground.contracts.events import Code
from playground.lowering import inductor

TEXT = """# AOT ID: ['0_inference']
import torch

cpp_fused_add_0 = async_compile.cpp_pybinding(['const float*', 'float*'], r'''
#include <torch/csrc/inductor/cpp_prefix.h>
extern "C"  void  kernel(const float* in_ptr0)
{
}
''')


triton_poi_fused_mul_1 = async_compile.triton('triton_poi_fused_mul_1', '''
import triton
@triton.jit
def triton_poi_fused_mul_1(in_ptr0):
    pass
''', device_str='cuda')

class Runner:
    def call(self, args):
        buf0 = empty_strided_cpu((8, ), (1, ), torch.float32)
        # Topologically Sorted Source Nodes: [x], Original ATen: [aten.add]
        # [Provenance debug handles] cpp_fused_add_0:1
        cpp_fused_add_0(
            arg0_1,
            buf0,
        )
        del arg0_1
        # [Provenance debug handles] extern_kernels.mm:2, cpp_fused_add_0:3
        extern_kernels.mm(buf0, buf1, out=buf2)
        return (buf2, )
"""
HANDLES = {
    "cpp_fused_add_0:1": ((4, 0, 4, 9), (2, 0, 2, 5)),
    "extern_kernels.mm:2": ((7, 0, 7, 9),),
    "cpp_fused_add_0:3": ((8, 0, 8, 9),),
}


def lines(code: Code) -> dict[str, list[int]]:
    shown = code.text.splitlines()
    found: dict[str, list[int]] = {}
    for first, _, code_first, code_last in code.map:
        for number in range(code_first, code_last + 1):
            found.setdefault(shown[number - 1].strip(), []).append(first)
    return found


def test_kernels_are_taken_out_of_the_module_that_calls_them() -> None:
    taken = inductor.take_apart(TEXT)
    assert [(kernel.name, kernel.language) for kernel in taken.kernels] == [
        ("cpp_fused_add_0", "cpp"),
        ("triton_poi_fused_mul_1", "triton"),
    ]
    assert taken.kernels[0].lines[-1] == "}"
    assert taken.kernels[1].lines[0] == "import triton"
    assert not [row for row in taken.wrapper if "#include" in row or "@triton" in row]
    assert [row for row in taken.wrapper if row.startswith("cpp_fused_add_0 = async_compile.cpp_pybinding(")]
    assert inductor.mentioned(taken) == set(HANDLES)


def test_a_call_leads_to_all_that_was_fused_into_it_over_all_its_lines() -> None:
    found = lines(inductor.wrapper(inductor.take_apart(TEXT), "f", HANDLES))
    assert found["cpp_fused_add_0("] == found["buf0,"] == found[")"] == [4, 2]
    assert found["extern_kernels.mm(buf0, buf1, out=buf2)"] == [7, 8]
    assert "del arg0_1" not in found
    assert "return (buf2, )" not in found


def test_a_kernel_leads_to_the_lines_of_all_its_calls() -> None:
    code = inductor.kernels(inductor.take_apart(TEXT), "f", HANDLES)
    assert code.language == "cpp"
    found = lines(code)
    assert found["// cpp_fused_add_0"] == [4, 2, 8]
    assert found['extern "C"  void  kernel(const float* in_ptr0)'] == [4, 2, 8]
    assert "@triton.jit" not in found


def test_a_megabyte_of_kernels_is_cut_and_counted() -> None:
    body = "".join(f"    auto tmp{number} = tmp{number}; // {'x' * 40}\n" for number in range(20_000))
    text = f"cpp_fused_add_0 = async_compile.cpp_pybinding(['float*'], r'''\n{body}''')\n"
    code = inductor.kernels(inductor.take_apart(text), "f", HANDLES)
    assert len(code.text) <= 262_144
    assert len(code.text) + code.truncated_bytes >= len(body)
    assert len(code.map) == 3


def test_text_that_is_nothing_like_it_stays_as_it_is() -> None:
    text = "x = async_compile.cpp_pybinding(['float*'], r'''\nnever ended"
    taken = inductor.take_apart(text)
    assert taken.kernels[0].lines == ("never ended",)
    assert inductor.take_apart("").wrapper == ()
