#include "engine/weights/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

#include "engine/weights/byte_reader.h"
#include "engine/weights/damage.h"
#include "engine/weights/output_file.h"
#include "engine/weights/strict_json.h"

namespace lipar::weights {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit
constexpr auto kMetadataName = "__metadata__";
constexpr std::size_t kHeaderAlignment = 8;

// What the header says about one tensor; [begin, end) counts from the end of the header.
struct Entry {
    std::string name;
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

std::optional<DType> dtypeOf(std::string_view name) {
    constexpr std::array kAll{DType::f64, DType::f32, DType::f16, DType::bf16, DType::f8e4m3, DType::i64,
                              DType::i32, DType::i16, DType::i8,  DType::u8,   DType::boolean};
    const auto found = std::ranges::find(kAll, name, dtypeName);
    return found == kAll.end() ? std::nullopt : std::optional(*found);
}

Result<std::vector<std::int64_t>> readShape(const json& value, const std::string& tensor) {
    if (!value.is_array())
        return damaged(tensor + " has a shape that is not a list");
    std::vector<std::int64_t> shape;
    for (const json& size : value) {
        if (!size.is_number_unsigned() || size.get<std::uint64_t>() > std::uint64_t(std::numeric_limits<std::int64_t>::max()))
            return damaged(tensor + " has a dimension that is not a size");
        shape.push_back(size.get<std::int64_t>());
    }
    return shape;
}

Result<Entry> readEntry(const std::string& name, const json& value) {
    const std::string tensor = "tensor " + shown(name);
    if (!value.is_object())
        return damaged(tensor + " is not described by an object");
    for (const auto& [field, unused] : value.items())
        if (field != "dtype" && field != "shape" && field != "data_offsets")
            return damaged(tensor + " has the unknown field " + shown(field));
    for (const char* field : {"dtype", "shape", "data_offsets"})
        if (!value.contains(field))
            return damaged(tensor + " has no " + field);

    Entry entry;
    entry.name = name;
    const json& dtype = value["dtype"];
    if (!dtype.is_string())
        return damaged(tensor + " has a dtype that is not a name");
    const auto known = dtypeOf(dtype.get_ref<const std::string&>());
    if (!known)
        return damaged(tensor + " has the unknown type " + shown(dtype.get_ref<const std::string&>()));
    entry.dtype = *known;

    LIPAR_ASSIGN(entry.shape, readShape(value["shape"], tensor));
    const json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
        return damaged(tensor + " has data_offsets that are not two offsets");
    entry.begin = offsets[0].get<std::uint64_t>();
    entry.end = offsets[1].get<std::uint64_t>();

    if (entry.begin > entry.end)
        return damaged(tensor + " ends before it begins");
    const auto elements = elementCountOf(entry.shape);
    const auto bytes = elements ? byteCountOf(*elements, entry.dtype) : std::nullopt;
    if (!bytes)
        return damaged(tensor + " has a shape too large for any file: " + shown(entry.shape));
    if (std::uint64_t(*bytes) != entry.end - entry.begin)
        return damaged(tensor + " of shape " + shown(entry.shape) + " needs " + std::to_string(*bytes) + " bytes but is given " +
                       std::to_string(entry.end - entry.begin));
    return entry;
}

Result<std::map<std::string, std::string>> readMetadata(const json& value) {
    if (!value.is_object())
        return damaged("its metadata is not an object");
    std::map<std::string, std::string> metadata;
    for (const auto& [name, text] : value.items()) {
        if (!text.is_string())
            return damaged("its metadata " + shown(name) + " is not text");
        metadata.emplace(name, text.get<std::string>());
    }
    return metadata;
}

// The tensors must tile `data` exactly.
Result<> checkTiling(std::vector<Entry>& entries, std::uint64_t dataSize) {
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
    std::uint64_t expected = 0;
    for (const Entry& entry : entries) {
        const std::string tensor = "tensor " + shown(entry.name);
        if (entry.end > dataSize)
            return damaged(tensor + " lies outside the file", "the download may be incomplete: install the model again");
        if (entry.begin < expected)
            return damaged(tensor + " overlaps the tensor before it");
        if (entry.begin > expected)
            return damaged("there is a hole before tensor " + shown(entry.name));
        expected = entry.end;
    }
    if (expected != dataSize)
        return damaged("there are " + std::to_string(dataSize - expected) + " bytes after the last tensor");
    return {};
}

}  // namespace

Result<TensorTable> parseSafetensors(std::span<const std::byte> file) {
    ByteReader reader(file);
    const auto headerSize = reader.number<std::uint64_t>();
    if (!headerSize)
        return damaged("it is too short to be a safetensors file or a torch archive");
    if (*headerSize > reader.remaining())
        return damaged("its header length " + std::to_string(*headerSize) + " is longer than the file",
                       "the download may be incomplete, or this is not a model file: install the model again");
    if (*headerSize > kLongestHeader)
        return damaged("its header length " + std::to_string(*headerSize) + " is beyond the format's limit of " + std::to_string(kLongestHeader));
    const std::string_view text = *reader.text(*headerSize);
    if (!text.starts_with('{'))
        return damaged("its header is not a JSON object");
    LIPAR_ASSIGN(const json header, parseStrictJson(text));

    TensorTable table;
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
        if (name == kMetadataName) {
            LIPAR_ASSIGN(table.metadata, readMetadata(value));
            continue;
        }
        LIPAR_ASSIGN(Entry entry, readEntry(name, value));
        entries.push_back(std::move(entry));
    }
    const auto data = file.subspan(reader.offset());
    LIPAR_TRY(checkTiling(entries, data.size()));
    for (Entry& entry : entries)
        table.tensors.emplace(std::move(entry.name),
                              TensorView{entry.dtype, std::move(entry.shape), data.subspan(entry.begin, entry.end - entry.begin)});
    return table;
}

Result<SafetensorsPlan> planSafetensors(std::vector<TensorSpec> tensors, const std::map<std::string, std::string>& metadata) {
    const auto refused = [](std::string reason) { return fail(ErrorCode::invalidArgument, std::move(reason)); };
    SafetensorsPlan plan;
    plan.tensors = std::move(tensors);
    // Wide types first keeps every tensor aligned to its element; the name makes the file independent of the caller's order.
    std::ranges::sort(plan.tensors, [](const TensorSpec& a, const TensorSpec& b) {
        const std::size_t sizeA = dtypeSize(a.dtype);
        const std::size_t sizeB = dtypeSize(b.dtype);
        return sizeA != sizeB ? sizeA > sizeB : a.name < b.name;
    });

    json header = json::object();
    if (!metadata.empty())
        header[kMetadataName] = metadata;
    for (const TensorSpec& tensor : plan.tensors) {
        const auto elements = elementCountOf(tensor.shape);
        const auto bytes = elements ? byteCountOf(*elements, tensor.dtype) : std::nullopt;
        if (!bytes || std::uint64_t(*bytes) > std::uint64_t(std::numeric_limits<std::int64_t>::max()) - plan.dataSize)
            return refused("tensor " + shown(tensor.name) + " of shape " + shown(tensor.shape) + " does not fit any file");
        if (tensor.name == kMetadataName || header.contains(tensor.name))
            return refused("the name " + shown(tensor.name) + " is taken");
        const std::uint64_t end = plan.dataSize + std::uint64_t(*bytes);
        header[tensor.name] = {{"dtype", dtypeName(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {plan.dataSize, end}}};
        plan.offsets.push_back(plan.dataSize);
        plan.dataSize = end;
    }

    std::string text;
    try {
        text = header.dump();
    } catch (const json::exception&) {
        return refused("a name or its metadata is not UTF-8");
    }
    text.resize((text.size() + kHeaderAlignment - 1) / kHeaderAlignment * kHeaderAlignment, ' ');
    const std::uint64_t headerSize = text.size();
    plan.head.assign(reinterpret_cast<const char*>(&headerSize), sizeof headerSize);
    plan.head += text;
    return plan;
}

Result<> writeSafetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                          const std::map<std::string, std::string>& metadata) {
    const auto refused = [&](const std::string& reason) {
        return fail(ErrorCode::invalidArgument, "cannot write " + path.string() + ": " + reason);
    };
    std::vector<TensorSpec> specs;
    std::map<std::string_view, std::span<const std::byte>> bytesOf;
    for (const auto& [name, tensor] : tensors) {
        const auto elements = elementCountOf(tensor.shape);
        const auto bytes = elements ? byteCountOf(*elements, tensor.dtype) : std::nullopt;
        if (!bytes || std::uint64_t(*bytes) != tensor.bytes.size())
            return refused("tensor " + shown(name) + " of shape " + shown(tensor.shape) + " does not fit its " +
                           std::to_string(tensor.bytes.size()) + " bytes");
        specs.push_back({name, tensor.dtype, tensor.shape});
        bytesOf.emplace(name, tensor.bytes);
    }
    const auto plan = planSafetensors(std::move(specs), metadata);
    if (!plan)
        return refused(plan.error().message);
    std::vector<std::span<const std::byte>> parts{std::as_bytes(std::span(plan->head))};
    for (const TensorSpec& tensor : plan->tensors)
        parts.push_back(bytesOf.at(tensor.name));
    return writeWholeFile(path, parts);
}

}  // namespace lipar::weights
