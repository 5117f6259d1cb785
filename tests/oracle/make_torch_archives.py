"""Writes the torch archives of tests/golden/weights: what torch.save makes of small tensors, and files that must be refused.

Usage: python tests/oracle/make_torch_archives.py   (needs torch; run from anywhere)

Every good tensor counts up from its first value, so that the tests know the contents by formula.
"""

import struct
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parent.parent / "golden" / "weights"


def counting(shape, dtype=torch.float32, start=0):
    count = 1
    for size in shape:
        count *= size
    return torch.arange(start, start + count).to(dtype).reshape(shape)


def good_archives():
    dtypes = dict(f64=torch.float64, f32=torch.float32, f16=torch.float16, bf16=torch.bfloat16,
                  i64=torch.int64, i32=torch.int32, i16=torch.int16, i8=torch.int8, u8=torch.uint8)
    plain = {name: counting((2, 3), dtype) for name, dtype in dtypes.items()}
    plain["bool"] = torch.tensor([True, False, True])
    plain["scalar"] = torch.tensor(7.0)
    plain["empty"] = torch.zeros(0, 4)
    plain["epoch"] = 12
    torch.save(plain, OUT / "plain.pt")
    torch.save(plain, OUT / "protocol5.pt", pickle_protocol=5)

    prefix = "model._fsdp_wrapped_module."
    torch.save({
        "generator": {"model.weight": counting((2,), start=100)},
        "generator_ema": {
            prefix + "blocks.0._fsdp_wrapped_module.self_attn.q.weight": counting((4, 4), torch.bfloat16),
            prefix + "blocks.0.modulation": counting((1, 6, 2)),
            "model.submodel.head.bias": counting((3,), start=5),
        },
        "step": 600,
        "step_tensor": torch.tensor(600),
    }, OUT / "generator_ema.pt")

    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 1))
    with torch.no_grad():
        for index, parameter in enumerate(module.parameters()):
            parameter.copy_(counting(parameter.shape, start=10 * index))
    torch.save(module.state_dict(), OUT / "ordered_dict.pt")
    torch.save({"weights": OrderedDict(module.named_parameters())}, OUT / "parameters.pt")

    storage = counting((12,))
    torch.save({"first": storage[:6].view(2, 3), "second": storage[6:].view(3, 2), "whole": storage}, OUT / "shared_storage.pt")

    torch.save(counting((2, 2, 2)), OUT / "bare_tensor.pt")
    torch.save([counting((2,)), 5, counting((3,), start=2)], OUT / "list.pt")
    torch.save({"row": counting((1, 4)).t().t(), "one": counting((4, 1)).t()}, OUT / "stride_of_one.pt")


def refused_archives():
    torch.save({"good": counting((2, 3)), "turned": counting((2, 3)).t()}, OUT / "refused_transposed.pt")
    torch.save({"phase": torch.zeros(2, dtype=torch.complex64)}, OUT / "refused_complex.pt")
    torch.save({"a": {"x": counting((2,))}, "b": {"x": counting((2,))}}, OUT / "refused_ambiguous.pt")
    torch.save({"model.x": counting((2,)), "x": counting((2,))}, OUT / "refused_same_name.pt")
    torch.save({"epoch": 3}, OUT / "refused_no_tensors.pt")
    torch.save({"x": counting((2,))}, OUT / "refused_legacy.pt", _use_new_zipfile_serialization=False)

    records = records_of(OUT / "plain.pt")
    write_zip("refused_big_endian.pt", {**records, "plain/byteorder": b"big"})
    write_zip("refused_compressed.pt", records, zipfile.ZIP_DEFLATED)
    write_zip("refused_missing_record.pt", {name: data for name, data in records.items() if name != "plain/data/1"})
    write_zip("refused_short_record.pt", {**records, "plain/data/1": records["plain/data/1"][:-1]})
    write_zip("refused_no_pickle.pt", {"plain/version": b"3\n"})

    # Hand-written pickles. A reader that ran them would create the file the tests look for.
    command = b"touch lipar-pickle-was-run"
    text = b"X" + struct.pack("<I", len(command)) + command
    write_pickle("refused_os_system.pt", b"\x80\x02cos\nsystem\n" + text + b"\x85R.")
    write_pickle("refused_os_system_protocol0.pt", b"cos\nsystem\n(S'" + command + b"'\ntR.")
    write_pickle("refused_posix_system_protocol4.pt", b"\x80\x04\x8c\x05posix\x8c\x06system\x93" + text + b"\x85R.")
    write_pickle("refused_instance.pt", b"\x80\x02(" + text + b"ios\nsystem\n.")
    write_pickle("refused_eval.pt", b"\x80\x02}X\x01\x00\x00\x00xc__builtin__\neval\n" + text + b"\x85Rs.")
    write_pickle("refused_extension.pt", b"\x80\x02\x82\x01.")
    write_pickle("refused_call_of_storage.pt", b"\x80\x02ctorch\nFloatStorage\nK\x01\x85R.")


def records_of(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def write_zip(name, records, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(OUT / name, "w", compression) as archive:
        for record, data in records.items():
            archive.writestr(zipfile.ZipInfo(record), data, compression)


def write_pickle(name, pickle):
    write_zip(name, {"archive/data.pkl": pickle, "archive/byteorder": b"little", "archive/version": b"3\n"})


def zip64_archive():
    """The records of plain.pt with every size and offset moved into zip64 fields, as in archives beyond 4 GB."""
    body, directory = b"", b""
    records = records_of(OUT / "plain.pt")
    for name, data in records.items():
        encoded = name.encode()
        extra = struct.pack("<HHQQQ", 1, 24, len(data), len(data), len(body))
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014b50, 45, 45, 0, 0, 0, 0, 0, 0xffffffff, 0xffffffff,
                                 len(encoded), len(extra), 0, 0, 0, 0, 0xffffffff) + encoded + extra
        local_extra = struct.pack("<HHQQ", 1, 16, len(data), len(data))
        body += struct.pack("<IHHHHHIIIHH", 0x04034b50, 45, 0, 0, 0, 0, 0, 0xffffffff, 0xffffffff,
                            len(encoded), len(local_extra)) + encoded + local_extra + data
    end64 = struct.pack("<IQHHIIQQQQ", 0x06064b50, 44, 45, 45, 0, 0, len(records), len(records), len(directory), len(body))
    locator = struct.pack("<IIQI", 0x07064b50, 0, len(body) + len(directory), 1)
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0)
    (OUT / "zip64.pt").write_bytes(body + directory + end64 + locator + end)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    good_archives()
    refused_archives()
    zip64_archive()
