// The built-in model's text encoder: splitting, unknown words, embeddings, and what looks mean for the guide.
#include <QTest>

#include <filesystem>

#include "engine/models/text/vocabulary.h"
#include "engine/models/text_encoder.h"
#include "tests/support/golden_tensors.h"

using namespace lipar;
using Words = std::vector<std::string>;
using Tokens = std::vector<std::int64_t>;

namespace {

const std::filesystem::path kGoldens = std::filesystem::path(LIPAR_GOLDEN_DIR) / "models";
const std::filesystem::path kBuiltIn = std::filesystem::path(LIPAR_SHARED_DIR) / "models/lipar-mini-0";

// Six words for the golden weights; the golden's tokens are those of "pencil oil".
weights::ModelManifest smallModel() {
    weights::ModelManifest manifest;
    manifest.directory = kGoldens;
    manifest.name = "small";
    manifest.dit.textLen = 5;
    manifest.dit.textDim = 16;
    weights::TextConfig text;
    text.kind = "vocabulary";
    text.files = {"mini_text_weights.safetensors"};
    text.words = {"<pad>", "<end>", "oil", "painting", "pencil", "strong"};
    text.prompts = {{"oil", "oil painting"}, {"pencil", "pencil"}, {"faded", "Strong oil"}};
    text.guideSaturation = {{"oil", 1.0}, {"pencil", 0.0}, {"faded", 0.5}};
    manifest.text = text;
    return manifest;
}

std::unique_ptr<models::TextEncoder> load(const weights::ModelManifest& manifest) {
    auto loaded = models::loadTextEncoder(manifest);
    if (!loaded)
        qFatal("%s", loaded.error().sentence().c_str());
    return std::move(*loaded);
}

models::EncodedPrompt encode(models::TextEncoder& encoder, const std::string& prompt) {
    auto encoded = encoder.encode(prompt, {});
    if (!encoded)
        qFatal("%s", encoded.error().sentence().c_str());
    return std::move(*encoded);
}

}  // namespace

class TestVocabularyText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wordsAreSplitAtSpaceAndPunctuation() {
        QCOMPARE(models::splitWords("  An oil-painting,\tplease!\n(strong)"), (Words{"An", "oil", "painting", "please", "strong"}));
        QCOMPARE(models::splitWords("“oil”\u00a0painting… caf\u00e9\u3002"), (Words{"oil", "painting", "caf\u00e9"}));
        QCOMPARE(models::splitWords(""), Words{});
        QCOMPARE(models::splitWords(" ,.! "), Words{});
        QCOMPARE(models::splitWords("a\xff\xc3 b\xe2\x80"), (Words{"a\xff\xc3", "b\xe2\x80"}));  // not UTF-8: kept as it is
    }

    void tokensEndAndArePadded() {
        const models::Vocabulary vocabulary({"<pad>", "<end>", "oil", "painting", "pencil", "strong"});
        QCOMPARE(vocabulary.tokenize("STRONG Oil painting", 8).tokens, (Tokens{5, 2, 3, 1, 0, 0, 0, 0}));
        QCOMPARE(vocabulary.tokenize("", 4).tokens, (Tokens{1, 0, 0, 0}));
        QCOMPARE(vocabulary.tokenize("<pad> end pad <end>", 4).unknownWords, (Words{"pad", "end"}));
        const auto unknown = vocabulary.tokenize("Cubist oil cubist Horse painting", 8);
        QCOMPARE(unknown.tokens, (Tokens{2, 3, 1, 0, 0, 0, 0, 0}));
        QCOMPARE(unknown.unknownWords, (Words{"Cubist", "Horse"}));
    }

    void knownWordsBeyondTheLengthAreNotUnknown() {
        const models::Vocabulary vocabulary({"<pad>", "<end>", "oil", "painting", "pencil", "strong"});
        const auto result = vocabulary.tokenize("oil painting pencil strong oil grey", 4);
        QCOMPARE(result.tokens, (Tokens{2, 3, 4, 1}));
        QCOMPARE(result.unknownWords, Words{"grey"});
        QCOMPARE(result.knownWords, (Words{"oil", "painting", "pencil"}));
        QCOMPARE(result.wanted, 6);  // the five known words and the end
    }

    void equalsTheOracle() {
        const auto file = *weights::TensorFile::open(kGoldens / "mini_golden.safetensors");
        const auto encoder = load(smallModel());
        const at::Tensor embeddings = encode(*encoder, "Pencil, oil").embeddings;
        QCOMPARE(embeddings.scalar_type(), at::kFloat);
        QVERIFY(test::maxError(embeddings, test::golden(file, "text_out")) < 1e-5);
        QCOMPARE(embeddings.narrow(0, 3, 2).abs().max().item<float>(), 0.0F);
    }

    void guideSaturationIsTheLowestOfTheLooksNamed() {
        const auto encoder = load(smallModel());
        const auto saturation = [&](const std::string& prompt) { return encode(*encoder, prompt).guideSaturation; };
        QCOMPARE(saturation(""), 1.0);
        QCOMPARE(saturation("oil painting"), 1.0);
        QCOMPARE(saturation("painting, STRONG, oil"), 0.5);
        QCOMPARE(saturation("strong painting"), 1.0);  // not every word of "strong oil"
        QCOMPARE(saturation("oil strong pencil"), 0.0);
        QCOMPARE(saturation("oil oil oil oil pencil"), 1.0);  // "pencil" found no place
    }

    void modelsThatCannotBeLoadedSayWhy() {
        const auto sentence = [](const weights::ModelManifest& manifest, ErrorCode code) -> QString {
            const auto loaded = models::loadTextEncoder(manifest);
            if (loaded || loaded.error().code != code)
                return "unexpected";
            return QString::fromStdString(loaded.error().sentence());
        };
        auto manifest = smallModel();
        manifest.text->words.push_back("extra");
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("emb.weight"));
        manifest = smallModel();
        manifest.dit.textLen = 8;
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("pos"));
        manifest.dit.textDim = 18;
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("text_dim"));
        manifest = smallModel();
        manifest.text->kind = "umt5";  // without a tokenizer, and other weights
        QVERIFY(sentence(manifest, ErrorCode::modelMissing).contains("tokenizer"));
        manifest.text->kind = "clip";
        QVERIFY(sentence(manifest, ErrorCode::modelDamaged).contains("clip"));
        manifest.text.reset();
        QVERIFY(sentence(manifest, ErrorCode::modelMissing).contains("text encoder"));
    }

    void equalsTheBuiltInModelsGolden() {
        if (!std::filesystem::exists(kBuiltIn / "golden.safetensors"))
            QSKIP("no models/lipar-mini-0/golden.safetensors in the shared folder");
        const auto manifest = weights::readManifest(kBuiltIn);
        QVERIFY2(manifest.has_value(), manifest ? "" : manifest.error().sentence().c_str());
        const auto file = *weights::TensorFile::open(kBuiltIn / "golden.safetensors");
        const auto encoder = load(*manifest);
        QVERIFY(test::maxError(encode(*encoder, "strong oil painting").embeddings, test::golden(file, "text_out")) <
                1e-3);
        QCOMPARE(encode(*encoder, "a pencil sketch of my cat").reading.unknownWords, (Words{"a", "of", "my", "cat"}));
        QCOMPARE(encode(*encoder, "a pencil sketch of my cat").guideSaturation, 0.0);
        QCOMPARE(encode(*encoder, "oil painting").guideSaturation, 1.0);
    }
};

QTEST_GUILESS_MAIN(TestVocabularyText)
#include "tst_vocabulary_text.moc"
