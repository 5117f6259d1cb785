#include "engine/weights/pickle.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "engine/weights/byte_reader.h"
#include "engine/weights/damage.h"

namespace lipar::weights::pickle {
namespace {

constexpr std::size_t kMostObjects = 4'000'000;  // some hundred bytes each; real checkpoints have a few ten thousand
constexpr std::uint8_t kNewestProtocol = 5;
// A long list or text can be named again and again in a few bytes; what is copied per tensor must therefore be short.
constexpr std::size_t kHighestRank = 32;
constexpr std::size_t kLongestKey = 128;

// Opcodes of protocols 2 to 5 that data needs, and those that name a global.
enum Opcode : std::uint8_t {
    mark = '(',
    stop = '.',
    pop = '0',
    popMark = '1',
    duplicate = '2',
    binFloat = 'G',
    binInt = 'J',
    binInt1 = 'K',
    binInt2 = 'M',
    none = 'N',
    binPersistentId = 'Q',
    reduce = 'R',
    binString = 'T',
    shortBinString = 'U',
    binUnicode = 'X',
    append = 'a',
    build = 'b',
    global = 'c',
    dict = 'd',
    emptyDict = '}',
    appends = 'e',
    get = 'h',
    instance = 'i',
    longGet = 'j',
    list = 'l',
    emptyList = ']',
    put = 'q',
    longPut = 'r',
    setItem = 's',
    tuple = 't',
    emptyTuple = ')',
    setItems = 'u',
    binBytes = 'B',
    shortBinBytes = 'C',
    protocol = 0x80,
    tuple1 = 0x85,
    tuple2 = 0x86,
    tuple3 = 0x87,
    newTrue = 0x88,
    newFalse = 0x89,
    long1 = 0x8a,
    long4 = 0x8b,
    shortBinUnicode = 0x8c,
    binUnicode8 = 0x8d,
    binBytes8 = 0x8e,
    emptySet = 0x8f,
    addItems = 0x90,
    frozenSet = 0x91,
    stackGlobal = 0x93,
    memoize = 0x94,
    frame = 0x95,
    byteArray8 = 0x96,
};

std::optional<Global> allowedGlobal(std::string_view module, std::string_view name) {
    using Kind = Global::Kind;
    const auto known = [&](Kind kind) { return Global{kind, std::string(name)}; };
    if (module == "collections" && name == "OrderedDict")
        return known(Kind::orderedDict);
    if (module == "torch._utils" && name == "_rebuild_tensor_v2")
        return known(Kind::rebuildTensor);
    if (module == "torch._utils" && name == "_rebuild_parameter")
        return known(Kind::rebuildParameter);
    if (module != "torch")
        return std::nullopt;
    constexpr std::string_view kStorages[] = {"DoubleStorage", "FloatStorage",  "HalfStorage",   "BFloat16Storage",      "LongStorage",
                                              "IntStorage",    "ShortStorage",  "CharStorage",   "ByteStorage",          "BoolStorage",
                                              "QInt8Storage",  "QUInt8Storage", "QInt32Storage", "ComplexDoubleStorage", "ComplexFloatStorage"};
    constexpr std::string_view kDtypes[] = {"float64", "double", "float32", "float", "float16", "half", "bfloat16", "int64", "long",
                                            "int32",   "int",    "int16",   "short", "int8",    "uint8", "bool"};
    if (std::ranges::find(kStorages, name) != std::end(kStorages))
        return known(Kind::storageType);
    if (std::ranges::find(kDtypes, name) != std::end(kDtypes))
        return known(Kind::dtype);
    return std::nullopt;
}

class Machine {
public:
    explicit Machine(std::span<const std::byte> bytes) : m_reader(bytes) {}

    Result<Pickle> run() {
        for (;;) {
            const std::size_t start = m_reader.offset();
            const auto opcode = m_reader.number<std::uint8_t>();
            if (!opcode)
                return damaged("its pickle ends in the middle");
            if (*opcode == Opcode::stop)
                break;
            auto done = step(*opcode);
            if (!done) {
                done.error().message += " (byte " + std::to_string(start) + " of its pickle)";
                return std::unexpected(std::move(done).error());
            }
            if (m_pickle.objects.size() > kMostObjects)
                return damaged("its pickle holds too many objects");
        }
        if (m_stack.size() != 1 || !m_marks.empty())
            return damaged("its pickle ends with more or less than one object");
        m_pickle.root = m_stack.back();
        return std::move(m_pickle);
    }

private:
    static std::unexpected<Error> broken() { return damaged("its pickle is damaged"); }

    static std::unexpected<Error> refused(std::string_view what) {
        return damaged("its pickle asks for " + shown(what) + ", which is no part of a tensor file; nothing was run",
                       "do not use this file, or get the model as safetensors");
    }

    // --- the stack: objects above the last mark are in reach

    [[nodiscard]] std::size_t floor() const noexcept { return m_marks.empty() ? 0 : m_marks.back(); }

    Result<Handle> popOne() {
        if (m_stack.size() <= floor())
            return broken();
        const Handle top = m_stack.back();
        m_stack.pop_back();
        return top;
    }

    Result<std::vector<Handle>> popToMark() {
        if (m_marks.empty())
            return broken();
        const auto first = m_stack.begin() + std::ptrdiff_t(m_marks.back());
        std::vector<Handle> items(first, m_stack.end());
        m_stack.erase(first, m_stack.end());
        m_marks.pop_back();
        return items;
    }

    Result<> push(Object object) {
        m_stack.push_back(static_cast<Handle>(m_pickle.objects.size()));
        m_pickle.objects.push_back(std::move(object));
        return {};
    }

    template <class T>
    Result<T*> top() {
        if (m_stack.size() <= floor())
            return broken();
        T* const object = std::get_if<T>(&m_pickle.objects[m_stack.back()]);
        if (!object)
            return broken();
        return object;
    }

    // --- operands

    template <std::unsigned_integral T>
    Result<T> operand() {
        const auto value = m_reader.number<T>();
        if (!value)
            return broken();
        return *value;
    }

    template <std::unsigned_integral Size>
    Result<> pushText() {
        LIPAR_ASSIGN(const Size size, operand<Size>());
        const auto text = m_reader.text(size);
        if (!text)
            return broken();
        return push(std::string(*text));
    }

    // Two's complement, little-endian, of up to eight bytes.
    Result<> pushLong(std::uint32_t size) {
        const auto bytes = m_reader.take(size);
        if (!bytes || size > sizeof(std::int64_t))
            return broken();
        const bool negative = size > 0 && (bytes->back() & std::byte{0x80}) != std::byte{0};
        std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
        for (std::uint32_t i = size; i-- > 0;)
            value = value << 8 | std::to_integer<std::uint64_t>((*bytes)[i]);
        return push(std::bit_cast<std::int64_t>(value));
    }

    // --- opcodes

    Result<> step(std::uint8_t opcode) {
        switch (opcode) {
            case Opcode::protocol: return checkProtocol();
            case Opcode::frame: {
                LIPAR_ASSIGN(const std::uint64_t size, operand<std::uint64_t>());
                return size <= m_reader.remaining() ? Result<>() : broken();
            }
            case Opcode::mark: m_marks.push_back(m_stack.size()); return {};
            case Opcode::pop: LIPAR_TRY(popOne()); return {};
            case Opcode::popMark: LIPAR_TRY(popToMark()); return {};
            case Opcode::duplicate: {
                LIPAR_ASSIGN(const Handle copied, popOne());
                m_stack.insert(m_stack.end(), 2, copied);
                return {};
            }

            case Opcode::none: return push(None{});
            case Opcode::newTrue: return push(true);
            case Opcode::newFalse: return push(false);
            case Opcode::binInt1: {
                LIPAR_ASSIGN(const std::uint8_t value, operand<std::uint8_t>());
                return push(std::int64_t{value});
            }
            case Opcode::binInt2: {
                LIPAR_ASSIGN(const std::uint16_t value, operand<std::uint16_t>());
                return push(std::int64_t{value});
            }
            case Opcode::binInt: {
                LIPAR_ASSIGN(const std::uint32_t value, operand<std::uint32_t>());
                return push(std::int64_t{std::bit_cast<std::int32_t>(value)});
            }
            case Opcode::long1: {
                LIPAR_ASSIGN(const std::uint8_t size, operand<std::uint8_t>());
                return pushLong(size);
            }
            case Opcode::long4: {
                LIPAR_ASSIGN(const std::uint32_t size, operand<std::uint32_t>());
                return pushLong(size);
            }
            case Opcode::binFloat: {  // the one big-endian operand
                LIPAR_ASSIGN(const std::uint64_t bits, operand<std::uint64_t>());
                return push(std::bit_cast<double>(__builtin_bswap64(bits)));
            }

            case Opcode::shortBinString:
            case Opcode::shortBinBytes:
            case Opcode::shortBinUnicode: return pushText<std::uint8_t>();
            case Opcode::binString:
            case Opcode::binBytes:
            case Opcode::binUnicode: return pushText<std::uint32_t>();
            case Opcode::binBytes8:
            case Opcode::byteArray8:
            case Opcode::binUnicode8: return pushText<std::uint64_t>();

            case Opcode::emptyList:
            case Opcode::emptyTuple:
            case Opcode::emptySet: return push(Sequence{});
            case Opcode::tuple1: return makeTuple(1);
            case Opcode::tuple2: return makeTuple(2);
            case Opcode::tuple3: return makeTuple(3);
            case Opcode::tuple:
            case Opcode::list:
            case Opcode::frozenSet: {
                LIPAR_ASSIGN(std::vector<Handle> items, popToMark());
                return push(Sequence{std::move(items)});
            }
            case Opcode::append: {
                LIPAR_ASSIGN(const Handle item, popOne());
                return extend({item});
            }
            case Opcode::appends:
            case Opcode::addItems: {
                LIPAR_ASSIGN(const std::vector<Handle> items, popToMark());
                return extend(items);
            }

            case Opcode::emptyDict: return push(Dict{});
            case Opcode::dict: {
                LIPAR_ASSIGN(const std::vector<Handle> items, popToMark());
                LIPAR_TRY(push(Dict{}));
                return setItemsOf(items);
            }
            case Opcode::setItem: {
                LIPAR_ASSIGN(const Handle value, popOne());
                LIPAR_ASSIGN(const Handle key, popOne());
                return setItemsOf({key, value});
            }
            case Opcode::setItems: {
                LIPAR_ASSIGN(const std::vector<Handle> items, popToMark());
                return setItemsOf(items);
            }

            case Opcode::put: {
                LIPAR_ASSIGN(const std::uint8_t index, operand<std::uint8_t>());
                return remember(index);
            }
            case Opcode::longPut: {
                LIPAR_ASSIGN(const std::uint32_t index, operand<std::uint32_t>());
                return remember(index);
            }
            case Opcode::memoize: return remember(static_cast<std::uint32_t>(m_memo.size()));
            case Opcode::get: {
                LIPAR_ASSIGN(const std::uint8_t index, operand<std::uint8_t>());
                return recall(index);
            }
            case Opcode::longGet: {
                LIPAR_ASSIGN(const std::uint32_t index, operand<std::uint32_t>());
                return recall(index);
            }

            case Opcode::global:
            case Opcode::instance: return readGlobal(opcode == Opcode::global);
            case Opcode::stackGlobal: return readStackGlobal();
            case Opcode::binPersistentId: return loadStorage();
            case Opcode::reduce: return call();
            case Opcode::build: return applyState();
            default: return damaged("its pickle uses opcode " + std::to_string(opcode) + ", which has no place in a tensor file");
        }
    }

    Result<> checkProtocol() {
        LIPAR_ASSIGN(const std::uint8_t version, operand<std::uint8_t>());
        if (version > kNewestProtocol)
            return damaged("its pickle has the unknown protocol " + std::to_string(version));
        return {};
    }

    Result<> makeTuple(std::size_t size) {
        if (m_stack.size() < floor() + size)
            return broken();
        std::vector<Handle> items(m_stack.end() - std::ptrdiff_t(size), m_stack.end());
        m_stack.resize(m_stack.size() - size);
        return push(Sequence{std::move(items)});
    }

    Result<> extend(const std::vector<Handle>& items) {
        LIPAR_ASSIGN(Sequence * sequence, top<Sequence>());
        sequence->items.insert(sequence->items.end(), items.begin(), items.end());
        return {};
    }

    Result<> setItemsOf(const std::vector<Handle>& keysAndValues) {
        LIPAR_ASSIGN(Dict * target, top<Dict>());
        if (keysAndValues.size() % 2 != 0)
            return broken();
        for (std::size_t i = 0; i < keysAndValues.size(); i += 2)
            target->items.emplace_back(keysAndValues[i], keysAndValues[i + 1]);
        return {};
    }

    Result<> remember(std::uint32_t index) {
        if (m_stack.size() <= floor())
            return broken();
        m_memo[index] = m_stack.back();
        return {};
    }

    Result<> recall(std::uint32_t index) {
        const auto found = m_memo.find(index);
        if (found == m_memo.end())
            return broken();
        m_stack.push_back(found->second);
        return {};
    }

    // --- globals and what may be done with them

    Result<> pushGlobal(std::string_view module, std::string_view name) {
        auto known = allowedGlobal(module, name);
        if (!known)
            return refused(std::string(module) + "." + std::string(name));
        return push(std::move(*known));
    }

    // GLOBAL, or INST, which would construct at once: nothing allowed is made that way.
    Result<> readGlobal(bool named) {
        const auto module = m_reader.line();
        const auto name = m_reader.line();
        if (!module || !name)
            return broken();
        if (!named)
            return refused("an object of " + std::string(*module) + "." + std::string(*name));
        return pushGlobal(*module, *name);
    }

    Result<> readStackGlobal() {
        LIPAR_ASSIGN(const Handle name, popOne());
        LIPAR_ASSIGN(const Handle module, popOne());
        const auto* nameText = m_pickle.as<std::string>(name);
        const auto* moduleText = m_pickle.as<std::string>(module);
        if (!nameText || !moduleText)
            return broken();
        // By value: pushing may move the objects these point into.
        return pushGlobal(std::string(*moduleText), std::string(*nameText));
    }

    // ("storage", type, key, location, number of elements)
    Result<> loadStorage() {
        LIPAR_ASSIGN(const Handle id, popOne());
        const auto* parts = m_pickle.as<Sequence>(id);
        if (!parts || parts->items.size() != 5)
            return broken();
        const auto* word = m_pickle.as<std::string>(parts->items[0]);
        const auto* type = m_pickle.as<Global>(parts->items[1]);
        const auto* key = m_pickle.as<std::string>(parts->items[2]);
        const auto* elements = m_pickle.as<std::int64_t>(parts->items[4]);
        if (!word || *word != "storage" || !type || type->kind != Global::Kind::storageType || !key || key->size() > kLongestKey || !elements)
            return broken();
        return push(Storage{type->name, *key, *elements});
    }

    Result<> call() {
        LIPAR_ASSIGN(const Handle argumentsHandle, popOne());
        LIPAR_ASSIGN(const Handle calleeHandle, popOne());
        const auto* arguments = m_pickle.as<Sequence>(argumentsHandle);
        const auto* callee = m_pickle.as<Global>(calleeHandle);
        if (!arguments || !callee)
            return broken();
        switch (callee->kind) {
            case Global::Kind::orderedDict: return arguments->items.empty() ? push(Dict{}) : broken();
            case Global::Kind::rebuildTensor: return rebuildTensor(arguments->items);
            case Global::Kind::rebuildParameter: return rebuildParameter(arguments->items);
            case Global::Kind::storageType:
            case Global::Kind::dtype: break;
        }
        return refused("a call of torch." + callee->name);
    }

    // (storage, offset, shape, strides, requires_grad, hooks[, metadata])
    Result<> rebuildTensor(const std::vector<Handle>& arguments) {
        if (arguments.size() != 6 && arguments.size() != 7)
            return broken();
        const auto* offset = m_pickle.as<std::int64_t>(arguments[1]);
        if (!m_pickle.as<Storage>(arguments[0]) || !offset)
            return broken();
        Tensor tensor{arguments[0], *offset, {}, {}};
        LIPAR_ASSIGN(tensor.shape, integers(arguments[2]));
        LIPAR_ASSIGN(tensor.strides, integers(arguments[3]));
        return push(std::move(tensor));
    }

    // (tensor, requires_grad, hooks)
    Result<> rebuildParameter(const std::vector<Handle>& arguments) {
        if (arguments.size() != 3 || !m_pickle.as<Tensor>(arguments[0]))
            return broken();
        m_stack.push_back(arguments[0]);
        return {};
    }

    Result<std::vector<std::int64_t>> integers(Handle handle) {
        const auto* sequence = m_pickle.as<Sequence>(handle);
        if (!sequence || sequence->items.size() > kHighestRank)
            return broken();
        std::vector<std::int64_t> values;
        values.reserve(sequence->items.size());
        for (const Handle item : sequence->items) {
            const auto* value = m_pickle.as<std::int64_t>(item);
            if (!value)
                return broken();
            values.push_back(*value);
        }
        return values;
    }

    // An OrderedDict of a module carries its versions as attributes: of no use here.
    Result<> applyState() {
        LIPAR_TRY(popOne());
        LIPAR_TRY(top<Dict>());
        return {};
    }

    ByteReader m_reader;
    Pickle m_pickle;
    std::vector<Handle> m_stack;
    std::vector<std::size_t> m_marks;  // heights of the stack
    std::unordered_map<std::uint32_t, Handle> m_memo;
};

}  // namespace

Result<Pickle> read(std::span<const std::byte> bytes) {
    return Machine(bytes).run();
}

}  // namespace lipar::weights::pickle
