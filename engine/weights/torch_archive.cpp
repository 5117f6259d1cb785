#include "engine/weights/torch_archive.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/weights/damage.h"
#include "engine/weights/key_map.h"
#include "engine/weights/pickle.h"
#include "engine/weights/zip_directory.h"

namespace lipar::weights {
namespace {

using pickle::Handle;
using pickle::Pickle;

constexpr std::size_t kLargestPickle = std::size_t(64) << 20;
constexpr std::size_t kMostTensors = 100'000;
constexpr int kDeepestNesting = 16;
// Dicts that hold the weights of a checkpoint, in order of preference.
constexpr std::array<std::string_view, 5> kWeightDicts{"generator_ema", "generator", "state_dict", "model", "module"};

std::optional<DType> dtypeOfStorage(std::string_view type) {
    constexpr std::pair<std::string_view, DType> kTypes[] = {
        {"DoubleStorage", DType::f64}, {"FloatStorage", DType::f32}, {"HalfStorage", DType::f16},  {"BFloat16Storage", DType::bf16},
        {"LongStorage", DType::i64},   {"IntStorage", DType::i32},   {"ShortStorage", DType::i16}, {"CharStorage", DType::i8},
        {"ByteStorage", DType::u8},    {"BoolStorage", DType::boolean}};
    const auto found = std::ranges::find(kTypes, type, [](const auto& entry) { return entry.first; });
    return found == std::end(kTypes) ? std::nullopt : std::optional(found->second);
}

// Row-major; the stride of a dimension of one element says nothing.
bool isContiguous(const pickle::Tensor& tensor) {
    std::int64_t expected = 1;
    for (std::size_t i = tensor.shape.size(); i-- > 0;) {
        if (tensor.shape[i] != 1 && tensor.strides[i] != expected)
            return false;
        expected *= tensor.shape[i];
    }
    return true;
}

class Archive {
public:
    Archive(const ZipDirectory& zip, std::string root, Pickle pickle) : m_zip(zip), m_root(std::move(root)), m_pickle(std::move(pickle)) {}

    Result<TensorTable> tensors() const {
        if (m_pickle.as<pickle::Tensor>(m_pickle.root)) {
            TensorTable table;
            LIPAR_TRY(addTensor(table, "tensor", m_pickle.root));
            return table;
        }
        if (const auto* sequence = m_pickle.as<pickle::Sequence>(m_pickle.root))
            return tensorsOf(*sequence);
        if (const auto* dict = m_pickle.as<pickle::Dict>(m_pickle.root)) {
            LIPAR_ASSIGN(const pickle::Dict* weights, weightsOf(*dict));
            return tensorsOf(*weights);
        }
        return damaged("it holds no tensors");
    }

private:
    using NamedDict = std::pair<std::string_view, const pickle::Dict*>;

    Result<TensorTable> tensorsOf(const pickle::Sequence& sequence) const {
        TensorTable table;
        for (std::size_t i = 0; i < sequence.items.size(); ++i)
            if (m_pickle.as<pickle::Tensor>(sequence.items[i]))
                LIPAR_TRY(addTensor(table, std::to_string(i), sequence.items[i]));
        if (table.tensors.empty())
            return damaged("it holds no tensors");
        return table;
    }

    Result<TensorTable> tensorsOf(const pickle::Dict& dict) const {
        TensorTable table;
        for (const auto& [key, value] : dict.items) {
            if (!m_pickle.as<pickle::Tensor>(value))
                continue;
            if (const auto* name = m_pickle.as<std::string>(key))
                LIPAR_TRY(addTensor(table, withoutWrappers(*name), value));
            else if (const auto* number = m_pickle.as<std::int64_t>(key))
                LIPAR_TRY(addTensor(table, std::to_string(*number), value));
            else
                return damaged("it holds a tensor without a name");
        }
        return table;
    }

    // Follows the rule of tensor_file.h from the outermost dict inwards.
    Result<const pickle::Dict*> weightsOf(const pickle::Dict& outermost) const {
        const std::vector<bool> holdsTensors = findHolders();
        const pickle::Dict* dict = &outermost;
        for (int depth = 0; depth < kDeepestNesting; ++depth) {
            std::vector<NamedDict> nested;
            bool hasTensors = false;
            for (const auto& [key, value] : dict->items) {
                hasTensors = hasTensors || m_pickle.as<pickle::Tensor>(value);
                const auto* inner = m_pickle.as<pickle::Dict>(value);
                if (!inner || !holdsTensors[value])
                    continue;
                const auto* name = m_pickle.as<std::string>(key);
                nested.emplace_back(name ? std::string_view(*name) : std::string_view(), inner);
            }
            if (const pickle::Dict* preferred = preferredOf(nested))
                dict = preferred;
            else if (hasTensors)
                return dict;
            else if (nested.empty())
                return damaged("it holds no tensors");
            else if (nested.size() == 1)
                dict = nested.front().second;
            else
                return damaged("it holds several sets of tensors (" + shown(nested[0].first) + ", " + shown(nested[1].first) +
                                   ") and none has a known name",
                               "save the set you want by itself");
        }
        return damaged("its dicts are nested too deeply");
    }

    static const pickle::Dict* preferredOf(const std::vector<NamedDict>& nested) {
        for (const std::string_view name : kWeightDicts)
            for (const auto& [key, dict] : nested)
                if (key == name)
                    return dict;
        return nullptr;
    }

    // For each object, whether it is a dict from which a tensor can be reached through dicts alone. Dicts may be shared, or
    // even hold themselves, so this walks upwards from those that hold tensors, over every link once.
    std::vector<bool> findHolders() const {
        std::vector<bool> holds(m_pickle.objects.size(), false);
        std::unordered_map<Handle, std::vector<Handle>> parents;
        std::vector<Handle> open;
        for (Handle handle = 0; handle < m_pickle.objects.size(); ++handle) {
            const auto* dict = m_pickle.as<pickle::Dict>(handle);
            if (!dict)
                continue;
            for (const auto& [key, value] : dict->items) {
                if (m_pickle.as<pickle::Dict>(value))
                    parents[value].push_back(handle);
                else if (m_pickle.as<pickle::Tensor>(value))
                    holds[handle] = true;
            }
            if (holds[handle])
                open.push_back(handle);
        }
        while (!open.empty()) {
            const Handle child = open.back();
            open.pop_back();
            for (const Handle parent : parents[child]) {
                if (!holds[parent])
                    open.push_back(parent);
                holds[parent] = true;
            }
        }
        return holds;
    }

    Result<> addTensor(TensorTable& table, const std::string& name, Handle handle) const {
        const auto& tensor = *m_pickle.as<pickle::Tensor>(handle);
        const auto& storage = *m_pickle.as<pickle::Storage>(tensor.storage);
        const std::string what = "tensor " + shown(name);
        const auto dtype = dtypeOfStorage(storage.type);
        if (!dtype)
            return damaged(what + " has elements of a type that cannot be used (" + storage.type + ")");
        const auto elements = elementCountOf(tensor.shape);
        const auto size = elements ? byteCountOf(*elements, *dtype) : std::nullopt;
        if (!size)
            return damaged(what + " has an impossible shape: " + shown(tensor.shape));
        if (tensor.strides.size() != tensor.shape.size())
            return damaged(what + " has " + std::to_string(tensor.shape.size()) + " dimensions but " + std::to_string(tensor.strides.size()) +
                           " strides");
        if (*elements > 0 && !isContiguous(tensor))
            return damaged(what + " is not contiguous (shape " + shown(tensor.shape) + ", strides " + shown(tensor.strides) + ")",
                           "save it again after calling contiguous() on it");
        if (storage.elements < 0 || tensor.offset < 0 || tensor.offset > storage.elements || *elements > storage.elements - tensor.offset)
            return damaged(what + " lies outside its storage of " + std::to_string(storage.elements) + " elements");

        const auto storageSize = byteCountOf(storage.elements, *dtype);
        auto bytes = m_zip.read(m_root + "data/" + storage.key);
        if (!bytes)
            return damaged(what + ": " + bytes.error().message, bytes.error().hint);
        if (!storageSize || std::uint64_t(*storageSize) != bytes->size())
            return damaged(what + " needs a storage of " + std::to_string(storage.elements) + " elements but its record holds " +
                           std::to_string(bytes->size()) + " bytes");
        // In range: offset and elements are at most storage.elements, whose bytes are there.
        const auto view = bytes->subspan(std::size_t(tensor.offset) * dtypeSize(*dtype), std::size_t(*size));
        if (!table.tensors.emplace(name, TensorView{*dtype, tensor.shape, view}).second)
            return damaged(what + " occurs twice");
        if (table.tensors.size() > kMostTensors)
            return damaged("it holds too many tensors");
        return {};
    }

    const ZipDirectory& m_zip;
    const std::string m_root;  // "NAME/"
    const Pickle m_pickle;
};

// The folder of the archive, with its slash: the one that holds data.pkl.
Result<std::string> findRoot(const ZipDirectory& zip) {
    constexpr std::string_view kPickle = "/data.pkl";
    std::optional<std::string> root;
    for (const auto& [name, record] : zip.records()) {
        if (!name.ends_with(kPickle) || name.find('/') != name.size() - kPickle.size())
            continue;
        if (root)
            return damaged("it holds more than one data.pkl");
        root = name.substr(0, name.size() - kPickle.size() + 1);
    }
    if (!root)
        return damaged("it is a zip file but not a torch archive: data.pkl is missing", "choose the model file itself");
    return *root;
}

Result<> checkByteOrder(const ZipDirectory& zip, const std::string& root) {
    const std::string name = root + "byteorder";
    if (!zip.records().contains(name))  // before torch 2.1
        return {};
    LIPAR_ASSIGN(const auto bytes, zip.read(name));
    constexpr std::string_view kLittle = "little";
    if (!std::ranges::equal(bytes, std::as_bytes(std::span(kLittle))))
        return damaged("its byte order is not little-endian", "save it again on a little-endian machine");
    return {};
}

}  // namespace

Result<TensorTable> parseTorchArchive(std::span<const std::byte> file) {
    LIPAR_ASSIGN(const ZipDirectory zip, ZipDirectory::parse(file));
    LIPAR_ASSIGN(const std::string root, findRoot(zip));
    LIPAR_TRY(checkByteOrder(zip, root));
    LIPAR_ASSIGN(const auto bytes, zip.read(root + "data.pkl"));
    if (bytes.size() > kLargestPickle)
        return damaged("its data.pkl is too large to be a description of tensors");
    LIPAR_ASSIGN(Pickle contents, pickle::read(bytes));
    return Archive(zip, root, std::move(contents)).tensors();
}

}  // namespace lipar::weights
