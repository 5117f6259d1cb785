// What an edit is reckoned to hold, and what becomes of a full autoencoder where that is more than is free.
#include "engine/service/memory_account.h"

#include <QTest>

using namespace lipar;
using namespace lipar::service;

namespace {

std::vector<MemoryPart> partsOf(const weights::ModelManifest& manifest) {
    Device device;
    device.dtype = at::kBFloat16;
    return memoryOfEdit(manifest, {832, 480}, device);
}

std::uint64_t bytesOf(const std::vector<MemoryPart>& parts, const std::string& name) {
    for (const MemoryPart& part : parts)
        if (part.name == name)
            return part.bytes;
    return 0;
}

}  // namespace

class TestMemoryAccount : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Full-size pictures are held in 96 channels, and two of them by every convolution.
    void aFullAutoencoderCountsForMore() {
        const weights::ModelManifest wan = weights::wan21Manifest();
        const auto tiny = partsOf(wan), full = partsOf(*weights::withFullVae(wan));
        for (const char* name : {"autoencoder's weights", "encoding of frames", "decoding of frames"})
            QVERIFY2(bytesOf(full, name) > 2 * bytesOf(tiny, name), name);
        QCOMPARE(bytesOf(full, "transformer's weights"), bytesOf(tiny, "transformer's weights"));
        const auto large = partsOf(weights::wan21LargeManifest());
        QVERIFY(bytesOf(large, "transformer's weights") > 9 * bytesOf(tiny, "transformer's weights"));
    }

    void whatFitsIsNotLimited() {
        const auto parts = partsOf(*weights::withFullVae(weights::wan21Manifest()));
        const auto limits = autoencoderLimits(parts, totalBytes(parts, /*withWeights=*/false));
        QVERIFY(limits);
        QCOMPARE(limits->encode, std::uint64_t(0));
        QCOMPARE(limits->decode, std::uint64_t(0));
    }

    void aFullAutoencoderMakesDoWithWhatIsLeft() {
        const auto parts = partsOf(*weights::withFullVae(weights::wan21Manifest()));
        const std::uint64_t whole = totalBytes(parts, /*withWeights=*/false), least = leastBytes(parts);
        QVERIFY(least < whole);
        const std::uint64_t encoding = bytesOf(parts, "encoding of frames"),
                            decoding = bytesOf(parts, "decoding of frames");
        for (const std::uint64_t free : {least, (least + whole) / 2, whole - 1}) {
            const auto limits = autoencoderLimits(parts, free);
            QVERIFY(limits);
            QVERIFY(limits->encode > 0 && limits->encode <= encoding && limits->decode > 0 &&
                    limits->decode <= decoding);
            QVERIFY(whole - encoding - decoding + limits->encode + limits->decode <= free);
        }
        QVERIFY(!autoencoderLimits(parts, least - 1));
    }

    void aTinyAutoencoderTakesWhatItTakes() {
        const auto parts = partsOf(weights::wan21Manifest());
        QCOMPARE(leastBytes(parts), totalBytes(parts, /*withWeights=*/false));
        QVERIFY(!autoencoderLimits(parts, leastBytes(parts) - 1));
    }
};

QTEST_GUILESS_MAIN(TestMemoryAccount)
#include "tst_memory_account.moc"
