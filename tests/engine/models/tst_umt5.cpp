// The UMT5 text encoder: numbers against transformers', the same numbers wherever the layers are, and what is kept on
// disk.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "engine/models/text/umt5_encoder.h"
#include "engine/models/text/umt5_network.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using models::TextPlacement;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";
const std::vector<std::string> kCases = {"short", "empty", "long", "truncated"};

weights::ModelManifest smallModel(const std::filesystem::path& directory = kGoldens) {
    weights::ModelManifest manifest;
    manifest.directory = directory;
    manifest.name = "small";
    manifest.dit.textLen = 512;
    manifest.dit.textDim = 32;
    weights::TextConfig text;
    text.kind = "umt5";
    text.files = {"umt5_weights.safetensors"};
    text.tokenizer = "umt5_spiece.model";
    manifest.text = text;
    return manifest;
}

const weights::TensorFile& goldens() {
    static const weights::TensorFile file = *weights::TensorFile::open(kGoldens / "umt5_golden.safetensors");
    return file;
}

std::unique_ptr<models::Umt5Encoder> load(TextPlacement placement, at::ScalarType type,
                                          const std::filesystem::path& cache = {},
                                          const weights::ModelManifest& manifest = smallModel()) {
    auto loaded = models::loadTextEncoder(
        manifest, {.placement = placement, .dtype = type, .hostDtype = type, .cacheFolder = cache});
    if (!loaded)
        qFatal("%s", loaded.error().sentence().c_str());
    return std::unique_ptr<models::Umt5Encoder>(dynamic_cast<models::Umt5Encoder*>(loaded->release()));
}

models::EncodedPrompt encode(models::Umt5Encoder& encoder, const std::string& prompt) {
    auto encoded = encoder.encode(prompt, {});
    if (!encoded)
        qFatal("%s", encoded.error().sentence().c_str());
    return std::move(*encoded);
}

at::Tensor expected(const std::string& name) {
    return test::golden(goldens(), name);
}

// The rows of the prompt itself.
at::Tensor rowsOf(models::Umt5Encoder& encoder, const std::string& name) {
    return encode(encoder, goldens().metadata().at(name)).embeddings.narrow(0, 0, expected(name).size(0));
}

bool isSame(const at::Tensor& a, const at::Tensor& b) {
    return a.sizes() == b.sizes() && at::equal(a, b);
}

// A folder with the small model whose files may be changed.
class OwnModel {
public:
    OwnModel() {
        for (const char* name : {"umt5_weights.safetensors", "umt5_spiece.model"})
            QFile::copy(QString::fromStdString((kGoldens / name).string()), m_folder.filePath(name));
        manifest = smallModel(m_folder.path().toStdString());
        QFile::setPermissions(m_folder.filePath("umt5_weights.safetensors"), QFile::ReadOwner | QFile::WriteOwner);
    }
    // Puts `tensor` in the place of that of the same name; one that is not defined is left out.
    void replace(const std::string& name, const at::Tensor& tensor) const {
        const auto file = *weights::TensorFile::open(kGoldens / "umt5_weights.safetensors");
        std::vector<weights::NamedTensor> all;
        for (const auto& [key, view] : file.tensors())
            if (key != name)
                all.push_back({key, view});
        if (tensor.defined()) {
            const at::Tensor whole = tensor.to(at::kBFloat16).contiguous();
            all.push_back({name,
                           {weights::DType::bf16,
                            whole.sizes().vec(),
                            {static_cast<const std::byte*>(whole.const_data_ptr()), whole.nbytes()}}});
            QVERIFY(weights::writeSafetensors(manifest.directory / "umt5_weights.safetensors", all).has_value());
        } else {
            QVERIFY(weights::writeSafetensors(manifest.directory / "umt5_weights.safetensors", all).has_value());
        }
    }
    weights::ModelManifest manifest;

private:
    QTemporaryDir m_folder;
};

QStringList entriesOf(const QTemporaryDir& folder) {
    return QDir(folder.path()).entryList(QDir::Files);
}

}  // namespace

class TestUmt5 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bucketsEqualThoseOfTransformers() {
        const at::Tensor all = expected("buckets").to(at::kLong);  // of distances -511 to 511
        const at::Tensor buckets = models::umt5Buckets(512, 32);
        QVERIFY(isSame(buckets[0], all.narrow(0, 511, 512)));
        QVERIFY(isSame(buckets[511], all.narrow(0, 0, 512)));
        QVERIFY(isSame(buckets[200], all.narrow(0, 311, 512)));
    }

    void float32EqualsTransformers() {
        const auto encoder = load(TextPlacement::cpu, at::kFloat);
        for (const std::string& name : kCases) {
            const models::EncodedPrompt encoded = encode(*encoder, goldens().metadata().at(name));
            const std::int64_t tokens = expected(name).size(0);
            QCOMPARE(encoded.embeddings.scalar_type(), at::kFloat);
            QVERIFY(encoded.embeddings.sizes() == at::IntArrayRef({512, 32}));
            const double error = test::maxError(encoded.embeddings.narrow(0, 0, tokens), expected(name));
            qInfo("%s: %lld tokens, largest error %.2g", name.c_str(), static_cast<long long>(tokens), error);
            QVERIFY(error < 1e-4);
            if (tokens < 512)
                QCOMPARE(encoded.embeddings.narrow(0, tokens, 512 - tokens).abs().max().item<float>(), 0.0F);
        }
    }

    void bfloat16IsNoWorseThanTransformers() {
        const auto encoder = load(TextPlacement::cpu, at::kBFloat16);
        double largestOurs = 0, largestTheirs = 0;
        for (const std::string& name : kCases) {
            const at::Tensor ours = (rowsOf(*encoder, name) - expected(name)).abs(),
                             theirs = (expected(name + "_bf16").to(at::kFloat) - expected(name)).abs();
            qInfo("%s: mean error %.2g, transformers' %.2g", name.c_str(), ours.mean().item<double>(),
                  theirs.mean().item<double>());
            QVERIFY(ours.mean().item<double>() <= theirs.mean().item<double>());
            largestOurs = std::max(largestOurs, ours.max().item<double>());
            largestTheirs = std::max(largestTheirs, theirs.max().item<double>());
        }
        qInfo("largest error %.2g, transformers' %.2g", largestOurs, largestTheirs);
        QVERIFY(largestOurs <= largestTheirs);
    }

    void placeChangesNoNumber_data() {
        QTest::addColumn<int>("type");
        QTest::newRow("float32") << int(at::kFloat);
        QTest::newRow("bfloat16") << int(at::kBFloat16);
    }
    void placeChangesNoNumber() {
        QFETCH(const int, type);
        const auto resident = load(TextPlacement::gpu, at::ScalarType(type)),
                   streamed = load(TextPlacement::streamed, at::ScalarType(type)),
                   mapped = load(TextPlacement::cpu, at::ScalarType(type));
        for (const std::string& name : kCases) {
            const at::Tensor wanted = rowsOf(*resident, name);
            QVERIFY(isSame(rowsOf(*streamed, name), wanted));
            QVERIFY(isSame(rowsOf(*streamed, name), wanted));  // its memory has been used before
            QVERIFY(isSame(rowsOf(*mapped, name), wanted));
        }
    }

    void memoryIsGivenBackUnlessAskedToStay() {
        for (const TextPlacement placement :
             {TextPlacement::automatic, TextPlacement::cpu, TextPlacement::streamed, TextPlacement::gpu}) {
            const auto encoder = load(placement, at::kFloat);
            QVERIFY(!encoder->isLoaded());
            QVERIFY(encoder->read("a red fox").has_value());
            QVERIFY(!encoder->isLoaded());
            const at::Tensor before = encode(*encoder, "a red fox").embeddings;
            QVERIFY(encoder->isLoaded());
            encoder->offload();
            QCOMPARE(encoder->isLoaded(), placement == TextPlacement::gpu);
            QVERIFY(isSame(encode(*encoder, "a red fox").embeddings, before));
        }
    }

    void cancellingEndsTheWork() {
        for (const TextPlacement placement : {TextPlacement::cpu, TextPlacement::streamed, TextPlacement::gpu}) {
            const auto encoder = load(placement, at::kFloat);
            CancelSource source;
            source.cancel();
            const auto encoded = encoder->encode("a red fox", source.token());
            QVERIFY(!encoded && encoded.error().code == ErrorCode::cancelled);
            QVERIFY(test::maxError(rowsOf(*encoder, "short"), expected("short")) < 1e-4);
        }
    }

    void automaticTakesWhatFits() {
        models::Umt5Config published;
        published.dim = published.attentionWidth = 4096;
        published.heads = 64;
        published.ffn = 10240;
        published.layers = 24;
        const models::Umt5Memory memory = models::umt5Memory(published, 512, 2);
        constexpr std::uint64_t kGiB = std::uint64_t(1) << 30;
        QVERIFY(memory.streamed < 2 * kGiB - kGiB / 2);
        QVERIFY(memory.resident > 8 * kGiB && memory.resident < 10 * kGiB);
        QCOMPARE(models::umt5Placement(memory, 16 * kGiB), TextPlacement::gpu);
        QCOMPARE(models::umt5Placement(memory, 8 * kGiB), TextPlacement::streamed);
        QCOMPARE(models::umt5Placement(memory, 2 * kGiB), TextPlacement::streamed);
        QCOMPARE(models::umt5Placement(memory, kGiB), TextPlacement::cpu);
    }

    void lengthIsTold() {
        const auto encoder = load(TextPlacement::cpu, at::kFloat);
        QCOMPARE(encoder->read("")->tokens, 1);
        const auto whole = encoder->read(goldens().metadata().at("short"));
        QCOMPARE(whole->tokens, int(expected("short").size(0)));
        QCOMPARE(whole->limit, 512);
        QVERIFY(!whole->isTruncated());
        const auto cut = encoder->read(goldens().metadata().at("truncated"));
        QVERIFY(cut->tokens > 512);
        QVERIFY(cut->isTruncated());
        QCOMPARE(encode(*encoder, goldens().metadata().at("truncated")).reading.tokens, cut->tokens);
    }

    void promptsAreFoundAgainOnDisk() {
        const QTemporaryDir folder;
        const std::filesystem::path cache = folder.path().toStdString() + "/embeddings";
        const at::Tensor computed = encode(*load(TextPlacement::cpu, at::kFloat, cache), "a  red&nbsp;fox").embeddings;
        const auto again = load(TextPlacement::gpu, at::kFloat, cache);
        QVERIFY(isSame(encode(*again, "a red fox").embeddings, computed));  // the same once cleaned
        QVERIFY(!again->isLoaded());
        QVERIFY(!isSame(encode(*again, "a red foxglove").embeddings, computed));
        QVERIFY(again->isLoaded());
        const auto rounded = load(TextPlacement::cpu, at::kBFloat16, cache);  // not for numbers of another type
        QVERIFY(!isSame(encode(*rounded, "a red fox").embeddings, computed));
    }

    void anotherEncoderIsAnotherEntry() {
        const QTemporaryDir cache;
        const OwnModel model;
        const std::filesystem::path folder = cache.path().toStdString();
        const at::Tensor before =
            encode(*load(TextPlacement::cpu, at::kFloat, folder, model.manifest), "a red fox").embeddings;
        model.replace("blocks.1.attn.v.weight", at::full({36, 32}, 0.01));
        QVERIFY(!isSame(encode(*load(TextPlacement::cpu, at::kFloat, folder, model.manifest), "a red fox").embeddings,
                        before));
        QCOMPARE(entriesOf(cache).size(), 2);
    }

    void damagedEntriesAreComputedAgain() {
        const QTemporaryDir cache;
        const std::filesystem::path folder = cache.path().toStdString();
        const at::Tensor wanted = encode(*load(TextPlacement::cpu, at::kFloat, folder), "a red fox").embeddings;
        QCOMPARE(entriesOf(cache).size(), 1);
        const QString path = cache.filePath(entriesOf(cache).first());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        file.close();
        QByteArray changed = whole;
        changed[whole.size() - 3] = char(changed[whole.size() - 3] ^ 1);
        for (const QByteArray& bytes : {QByteArray(), whole.left(40), whole.left(whole.size() - 8), changed}) {
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
            file.close();
            QVERIFY(isSame(encode(*load(TextPlacement::cpu, at::kFloat, folder), "a red fox").embeddings, wanted));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(file.readAll(), whole);
            file.close();
        }
    }

    void aFolderThatCannotBeWrittenIsNoError() {
        const QTemporaryDir parent;
        QFile file(parent.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto encoder = load(TextPlacement::cpu, at::kFloat, (parent.filePath("file") + "/below").toStdString());
        QVERIFY(isSame(
            encode(*encoder, goldens().metadata().at("short")).embeddings.narrow(0, 0, expected("short").size(0)),
            rowsOf(*load(TextPlacement::cpu, at::kFloat), "short")));
    }

    void theOldestEntriesLeaveFirst() {
        const QTemporaryDir cache;
        const std::filesystem::path folder = cache.path().toStdString();
        std::ofstream(folder / "notes.txt") << "not ours";
        const at::Tensor rows = at::rand({10, 100});  // 4000 bytes, and the header
        const models::EmbeddingCache embeddings(folder, 3 * 4400);
        for (const char* key : {"a", "b", "c"})
            embeddings.store(key, rows);
        const auto now = std::filesystem::file_time_type::clock::now();
        using namespace std::chrono_literals;
        std::filesystem::last_write_time(folder / "a.embedding", now - 3h);
        std::filesystem::last_write_time(folder / "b.embedding", now - 2h);
        QVERIFY(isSame(embeddings.find("a"), rows));  // used now
        embeddings.store("d", rows);
        QVERIFY(!embeddings.find("b").defined());
        for (const char* key : {"a", "c", "d"})
            QVERIFY(embeddings.find(key).defined());
        QVERIFY(std::filesystem::exists(folder / "notes.txt"));
    }

    void modelsThatCannotBeLoadedSayWhy() {
        const auto sentence = [](const weights::ModelManifest& manifest, ErrorCode code) -> QString {
            const auto loaded = models::loadTextEncoder(manifest);
            if (loaded || loaded.error().code != code)
                return "unexpected";
            return QString::fromStdString(loaded.error().sentence());
        };
        auto manifest = smallModel();
        manifest.text->tokenizer = "none.model";
        QVERIFY(sentence(manifest, ErrorCode::modelMissing).contains("none.model"));
        manifest.text->tokenizer = "umt5_golden.safetensors";
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("umt5_golden.safetensors"));
        manifest = smallModel();
        manifest.dit.textDim = 64;
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("text_dim"));
        manifest = smallModel();
        manifest.text->files = {"mini_text_weights.safetensors"};
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("token_embedding.weight"));

        const OwnModel model;
        model.replace("blocks.2.ffn.fc2.weight", {});
        QVERIFY(sentence(model.manifest, ErrorCode::modelDamaged).contains("blocks.2.ffn.fc2.weight"));
        model.replace("blocks.1.norm1.weight", {});  // ends the count of layers
        QVERIFY(sentence(model.manifest, ErrorCode::modelDamaged).contains("blocks.1."));
        model.replace("token_embedding.weight", at::zeros({100, 32}));
        QVERIFY(sentence(model.manifest, ErrorCode::modelDamaged).contains("500 pieces"));
        model.replace("blocks.0.attn.q.weight", at::full({36, 32}, std::numeric_limits<double>::quiet_NaN()));
        const auto encoder = load(TextPlacement::cpu, at::kFloat, {}, model.manifest);
        const auto encoded = encoder->encode("a red fox", {});
        QVERIFY(!encoded && encoded.error().code == ErrorCode::modelDamaged);
    }
};

QTEST_GUILESS_MAIN(TestUmt5)
#include "tst_umt5.moc"
