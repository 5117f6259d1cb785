#include "tests/engine/lipar/mask_cases.h"

#include <QDataStream>
#include <QFile>

namespace lipar::test {

std::vector<MaskCase> readMaskCases(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.read(8) != "LIPARMSK")
        return {};
    QDataStream stream(&file);
    stream.setByteOrder(QDataStream::LittleEndian);
    stream.setFloatingPointPrecision(QDataStream::SinglePrecision);
    quint32 version = 0;
    quint32 count = 0;
    stream >> version >> count;

    std::vector<MaskCase> cases;
    for (quint32 i = 0; i < count && version == 1; ++i) {
        quint64 seed = 0;
        quint64 sum = 0;
        qint32 sizes[7] = {};
        MaskCase c;
        stream >> seed >> sum;
        for (qint32& size : sizes)
            stream >> size;
        stream >> c.thresholds.tau1 >> c.thresholds.tau2;
        c.seed = seed;
        c.checksum = sum;
        c.frames = sizes[0];
        c.grid = {sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]};
        c.blockFrames = sizes[6];
        if (stream.status() != QDataStream::Ok || c.frames < 1 || !method::checkGrid(c.grid))
            return {};
        c.expected = TokenMask(c.frames, c.grid.rows(), c.grid.columns());
        std::vector<char> bits((c.expected.keep.size() + 7) / 8);
        if (stream.readRawData(bits.data(), int(bits.size())) != int(bits.size()))
            return {};
        for (std::size_t k = 0; k < c.expected.keep.size(); ++k)
            c.expected.keep[k] = std::uint8_t(bits[k / 8] >> (k % 8)) & 1U;
        cases.push_back(std::move(c));
    }
    return cases;
}

}  // namespace lipar::test
