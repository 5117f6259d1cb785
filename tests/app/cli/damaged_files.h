// Files that are not what they say they are, made from small parts.
#pragma once

#include <QByteArray>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lipar::cli::test {

template <class Number>
QByteArray littleEndian(Number number) {
    QByteArray bytes;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes.append(char(std::uint64_t(number) >> (8 * i)));
    return bytes;
}

// A safetensors file: header text and what follows it.
inline QByteArray safetensors(const QByteArray& header, const QByteArray& body) {
    return littleEndian(std::uint64_t(header.size())) + header + body;
}

// One float32 tensor full of one value.
inline QByteArray singleTensorFile(const QByteArray& name, const QByteArray& shape, int count, float value) {
    QByteArray body;
    for (int i = 0; i < count; ++i)
        body.append(reinterpret_cast<const char*>(&value), sizeof value);
    return safetensors("{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0," +
                           QByteArray::number(body.size()) + "]}}",
                       body);
}

// NumPy's format, version 1.
inline QByteArray npy(const QByteArray& type, const QByteArray& shape, const QByteArray& body) {
    QByteArray header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    while ((10 + header.size() + 1) % 64 != 0)
        header.append(' ');
    header.append('\n');
    return QByteArray("\x93NUMPY\x01\x00", 8) + littleEndian(std::uint16_t(header.size())) + header + body;
}

inline std::uint32_t crc32(const QByteArray& bytes) {
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes) {
        crc ^= std::uint8_t(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

// A zip archive of stored files, as torch.save writes it.
inline QByteArray zipArchive(const std::vector<std::pair<QByteArray, QByteArray>>& files) {
    QByteArray archive;
    QByteArray directory;
    for (const auto& [name, content] : files) {
        const QByteArray common = littleEndian(std::uint16_t(20)) + QByteArray(4, '\0') + QByteArray(4, '\0') +
                                  littleEndian(crc32(content)) + littleEndian(std::uint32_t(content.size())) +
                                  littleEndian(std::uint32_t(content.size())) +
                                  littleEndian(std::uint16_t(name.size())) + littleEndian(std::uint16_t(0));
        directory += "PK\x01\x02" + littleEndian(std::uint16_t(20)) + common + QByteArray(10, '\0') +
                     littleEndian(std::uint32_t(archive.size())) + name;
        archive += "PK\x03\x04" + common + name + content;
    }
    const auto count = std::uint16_t(files.size());
    const auto start = std::uint32_t(archive.size());
    return archive + directory + "PK\x05\x06" + QByteArray(4, '\0') + littleEndian(count) + littleEndian(count) +
           littleEndian(std::uint32_t(directory.size())) + littleEndian(start) + QByteArray(2, '\0');
}

// A pickle that would run `touch NAME` in a reader that executes it.
inline QByteArray hostilePickle(const QByteArray& name) {
    return QByteArray("\x80\x02", 2) + "cposix\nsystem\nU" + char(6 + name.size()) + "touch " + name +
           QByteArray("\x85R.", 3);
}

}  // namespace lipar::cli::test
