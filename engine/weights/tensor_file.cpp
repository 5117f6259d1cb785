#include "engine/weights/tensor_file.h"

#include <algorithm>
#include <utility>

#include "engine/weights/damage.h"
#include "engine/weights/mapped_file.h"
#include "engine/weights/safetensors.h"
#include "engine/weights/tensor_table.h"
#include "engine/weights/torch_archive.h"

namespace lipar::weights {

std::size_t dtypeSize(DType type) noexcept {
    switch (type) {
        case DType::f64:
        case DType::i64: return 8;
        case DType::f32:
        case DType::i32: return 4;
        case DType::f16:
        case DType::bf16:
        case DType::i16: return 2;
        case DType::f8e4m3:
        case DType::i8:
        case DType::u8:
        case DType::boolean: return 1;
    }
    return 1;
}

std::string_view dtypeName(DType type) noexcept {
    switch (type) {
        case DType::f64: return "F64";
        case DType::f32: return "F32";
        case DType::f16: return "F16";
        case DType::bf16: return "BF16";
        case DType::f8e4m3: return "F8_E4M3";
        case DType::i64: return "I64";
        case DType::i32: return "I32";
        case DType::i16: return "I16";
        case DType::i8: return "I8";
        case DType::u8: return "U8";
        case DType::boolean: return "BOOL";
    }
    return "";
}

std::int64_t TensorView::elementCount() const noexcept {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    return count;
}

struct TensorFile::Contents {
    std::filesystem::path path;
    MappedFile mapping;
    TensorTable table;
};

namespace {

bool startsWith(std::span<const std::byte> bytes, std::string_view start) {
    return bytes.size() >= start.size() && std::ranges::equal(bytes.first(start.size()), std::as_bytes(std::span(start)));
}

// A safetensors file begins with the header's length, whose upper half is zero, and then the header's brace.
bool mayBeSafetensors(std::span<const std::byte> bytes) {
    constexpr std::size_t kLengthSize = 8;
    if (bytes.size() <= kLengthSize)
        return false;
    return bytes[kLengthSize] == std::byte{'{'} && std::ranges::all_of(bytes.subspan(4, 4), [](std::byte b) { return b == std::byte{0}; });
}

// The opcode PROTO and a version.
bool isBarePickle(std::span<const std::byte> bytes) {
    return bytes.size() > 2 && bytes[0] == std::byte{0x80} && bytes[1] >= std::byte{2} && bytes[1] <= std::byte{5};
}

Result<TensorTable> parse(std::span<const std::byte> bytes) {
    if (bytes.empty())
        return damaged("it is empty");
    if (mayBeSafetensors(bytes))
        return parseSafetensors(bytes);
    if (startsWith(bytes, "PK\3\4"))
        return parseTorchArchive(bytes);
    if (isBarePickle(bytes))
        return damaged("it is a bare pickle, as torch.save wrote before version 1.6",
                       "load it with torch where you trust it and save it again as a zip archive or as safetensors");
    if (startsWith(bytes, "<") || startsWith(bytes, "version https://git-lfs"))
        return damaged("it is a text file, not the model itself", "download the model file again");
    return parseSafetensors(bytes);
}

}  // namespace

Result<TensorFile> TensorFile::open(const std::filesystem::path& path) {
    LIPAR_ASSIGN(MappedFile mapping, MappedFile::open(path));
    auto table = parse(mapping.bytes());
    if (!table)
        return inFile(path, std::move(table).error());
    return TensorFile(std::make_unique<Contents>(path, std::move(mapping), std::move(*table)));
}

TensorFile::TensorFile(std::unique_ptr<Contents> contents) : m_contents(std::move(contents)) {}
TensorFile::TensorFile(TensorFile&&) noexcept = default;
TensorFile& TensorFile::operator=(TensorFile&&) noexcept = default;
TensorFile::~TensorFile() = default;

const std::filesystem::path& TensorFile::path() const noexcept {
    return m_contents->path;
}

const std::map<std::string, TensorView, std::less<>>& TensorFile::tensors() const noexcept {
    return m_contents->table.tensors;
}

const TensorView* TensorFile::find(std::string_view name) const noexcept {
    const auto found = tensors().find(name);
    return found == tensors().end() ? nullptr : &found->second;
}

const std::map<std::string, std::string>& TensorFile::metadata() const noexcept {
    return m_contents->table.metadata;
}

}  // namespace lipar::weights
