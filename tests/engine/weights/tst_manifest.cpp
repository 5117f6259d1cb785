#include <QtTest>

#include <nlohmann/json.hpp>

#include "engine/weights/manifest.h"
#include "tests/engine/weights/file_fixture.h"

using namespace lipar;
using namespace lipar::tests;
using nlohmann::json;
using weights::ModelManifest;

namespace {

const std::filesystem::path kBuiltIn = LIPAR_SOURCE_DIR "/resources/models/lipar-mini";

std::string builtInText() {
    const Bytes bytes = readBytes(kBuiltIn / "model.json");
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

class TestManifest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheBuiltInModel() {
        const auto manifest = weights::readManifest(kBuiltIn);
        QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
        QCOMPARE(manifest->directory, kBuiltIn);
        QCOMPARE(manifest->name, std::string("lipar-mini"));
        QCOMPARE(manifest->family, std::string("wan-causal"));
        QCOMPARE(manifest->license, std::string("Apache-2.0"));
        const auto& dit = manifest->dit;
        QCOMPARE(dit.files, std::vector<std::string>{"dit.safetensors"});
        QCOMPARE(dit.dim, 384);
        QCOMPARE(dit.ffnDim, 1152);
        QCOMPARE(dit.numHeads, 4);
        QCOMPARE(dit.headDim(), 96);
        QCOMPARE(dit.numLayers, 8);
        QCOMPARE(dit.inChannels, 64);
        QCOMPARE(dit.outChannels, 32);
        QVERIFY(dit.sourceConcat);
        QCOMPARE(dit.textDim, 128);
        QCOMPARE(dit.textLen, 8);
        QCOMPARE(dit.freqDim, 256);
        QCOMPARE(dit.patch, (std::array<int, 3>{1, 2, 2}));
        QCOMPARE(dit.eps, 1e-6);
        QCOMPARE(dit.blockFrames, 3);
        QCOMPARE(dit.sinkFrames, 1);
        QCOMPARE(dit.windowFrames, std::optional<int>(5));
        QCOMPARE(dit.ropeMaxFrames, std::optional<int>(9));
        QVERIFY(manifest->vae);
        QCOMPARE(manifest->vae->kind, std::string("lipar-mini"));
        QCOMPARE(manifest->vae->latentChannels, 32);
        QCOMPARE(manifest->vae->spatial, 8);
        QCOMPARE(manifest->vae->temporal, 4);
        QVERIFY(manifest->vae->guided);
        QVERIFY(manifest->text);
        QCOMPARE(manifest->text->kind, std::string("vocabulary"));
        QCOMPARE(manifest->text->words[1], std::string("<end>"));
        QCOMPARE(manifest->text->prompts.at("oil"), std::string("oil painting"));
        QCOMPARE(manifest->text->strengths, (std::vector<std::string>{"", "subtle", "strong"}));
        QCOMPARE(manifest->text->guideSaturation.at("pencil"), 0.0);
        QCOMPARE(manifest->text->guideSaturation.at("oil"), 1.0);
        QCOMPARE(manifest->sampling.steps, std::vector<int>{400});
        QCOMPARE(manifest->sampling.shift, 5.0);
        QCOMPARE(manifest->sampling.limits.mostSteps, 4);
        QCOMPARE(manifest->sampling.limits.lowestShift, 5.0);
        QCOMPARE(manifest->sampling.limits.highestShift, 5.0);
        QCOMPARE(manifest->pruning.tau1, 0.05);
        QCOMPARE(manifest->pruning.tau2, 0.1);
    }

    void readsTheExampleOfTheContract() {
        const auto manifest = weights::parseManifest(R"({"schema":1, "name":"wan", "family":"wan-causal", "license":"Apache-2.0",
            "dit":{"files":["dit.safetensors"], "dim":1536, "ffn_dim":8960, "num_heads":12, "num_layers":30, "in_channels":16, "out_channels":16,
                   "text_dim":4096, "text_len":512, "freq_dim":256, "patch":[1,2,2], "eps":1e-6,
                   "block_frames":3, "sink_frames":1, "window_frames":6, "rope_max_frames":21},
            "vae":{"kind":"taehv", "files":["taew2_1.safetensors"]},
            "text":{"kind":"umt5", "files":["models_t5_umt5-xxl-enc-bf16.pth"], "tokenizer":"google/umt5-xxl/spiece.model"},
            "sampling":{"steps":[400,350,250], "shift":5.0}, "pruning":{"tau1":0.15, "tau2":0.3}})",
                                                     "example.json");
        QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
        const ModelManifest wan = weights::wan21Manifest();
        QCOMPARE(manifest->dit.dim, wan.dit.dim);
        QCOMPARE(manifest->dit.ffnDim, wan.dit.ffnDim);
        QCOMPARE(manifest->dit.headDim(), 128);
        QCOMPARE(wan.dit.headDim(), 128);
        QCOMPARE(manifest->dit.numLayers, wan.dit.numLayers);
        QCOMPARE(manifest->dit.textDim, wan.dit.textDim);
        QCOMPARE(manifest->dit.windowFrames, wan.dit.windowFrames);
        QCOMPARE(manifest->dit.ropeMaxFrames, wan.dit.ropeMaxFrames);
        QCOMPARE(manifest->sampling.steps, wan.sampling.steps);
        QCOMPARE(manifest->vae->latentChannels, wan.vae->latentChannels);
        QCOMPARE(manifest->text->tokenizer, std::string("google/umt5-xxl/spiece.model"));
        QVERIFY(wan.dit.files.empty() && wan.vae->files.empty());
        QVERIFY(!wan.dit.sourceConcat);
    }

    void oneOfTwoAutoencodersIsChosen() {
        const ModelManifest wan = weights::wan21Manifest();
        QCOMPARE(wan.vae->kind, std::string("taehv"));
        const auto full = weights::withFullVae(wan), tiny = weights::withTinyVae(wan);
        QVERIFY(full && tiny);
        QCOMPARE(full->vae->kind, std::string("wan"));
        QCOMPARE(tiny->vae->kind, std::string("taehv"));
        QVERIFY(!full->vaeFull && !tiny->vaeFull);
        QVERIFY(weights::withFullVae(*full));  // a full one alone is a full one
        const auto noTiny = weights::withTinyVae(*full), noFull = weights::withFullVae(*tiny);
        QVERIFY(!noTiny && !noFull);
        QCOMPARE(noFull.error().code, ErrorCode::modelMissing);
        QVERIFY(noTiny.error().message.find("has no tiny autoencoder") != std::string::npos);
        QVERIFY(noFull.error().message.find("has no full autoencoder") != std::string::npos);
    }

    void publishedShapesGoByName() {
        const auto large = weights::publishedManifest("wan2.1-14b");
        QVERIFY(large);
        QCOMPARE(large->dit.dim, 5120);
        QCOMPARE(large->dit.headDim(), 128);
        QCOMPARE(large->dit.numLayers, 40);
        QCOMPARE(large->dit.ffnDim, 13824);
        QVERIFY(weights::publishedManifest("wan2.1-1.3b"));
        QVERIFY(!weights::publishedManifest("wan3"));
    }

    void wan22sAutoencoderHasItsOwnDefaults() {
        const auto manifest = weights::parseManifest(R"({"schema":1,"name":"w","family":"wan-causal","dit":{"dim":8,"ffn_dim":16,
            "num_heads":2,"num_layers":1,"in_channels":48,"out_channels":48,"text_dim":8,"text_len":4},"vae":{"kind":"wan2.2","files":["a"]}})",
                                                     "w.json");
        QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
        QCOMPARE(manifest->vae->latentChannels, 48);
        QCOMPARE(manifest->vae->spatial, 16);
    }

    void framesOfABidirectionalModelSeeEachOtherAlone() {
        const std::string text = R"({"schema":1,"name":"b","family":"wan-bidirectional","dit":{"dim":8,"ffn_dim":16,
            "num_heads":2,"num_layers":1,"in_channels":48,"out_channels":48,"text_dim":8,"text_len":4)";
        const auto manifest = weights::parseManifest(text + "}}", "b.json");
        QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
        QCOMPARE(manifest->dit.blockFrames, 21);
        QCOMPARE(manifest->dit.sinkFrames, 0);
        QCOMPARE(manifest->dit.windowFrames, std::optional(21));
        QCOMPARE(manifest->dit.ropeMaxFrames, std::optional(21));
        const auto shorter = weights::parseManifest(text + R"(,"block_frames":7}})", "b.json");
        QVERIFY(shorter);
        QCOMPARE(shorter->dit.windowFrames, std::optional(7));
        const auto windowed = weights::parseManifest(text + R"(,"window_frames":6}})", "b.json");
        QVERIFY(!windowed && windowed.error().message.find("unknown field dit.window_frames") != std::string::npos);
        const ModelManifest published = weights::wan22Manifest();
        QCOMPARE(published.dit.headDim(), 128);
        QCOMPARE(published.dit.outChannels, published.vae->latentChannels);
        QVERIFY(!weights::withTinyVae(published) && weights::withFullVae(published));
    }

    void leavesDefaults() {
        const auto manifest = weights::parseManifest(R"({"schema":1,"name":"tiny","family":"wan-causal","dit":{"dim":8,"ffn_dim":16,
            "num_heads":2,"num_layers":1,"in_channels":4,"out_channels":4,"text_dim":8,"text_len":4,"window_frames":null,"rope_max_frames":null}})",
                                                     "tiny.json");
        QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
        QVERIFY(!manifest->vae);
        QVERIFY(!manifest->text);
        QVERIFY(!manifest->dit.windowFrames);
        QVERIFY(!manifest->dit.ropeMaxFrames);
        QCOMPARE(manifest->dit.blockFrames, 3);
        QCOMPARE(manifest->sampling.steps, std::vector<int>{400});
        QCOMPARE(manifest->sampling.limits.mostSteps, 100);
        QCOMPARE(manifest->sampling.limits.highestShift, 100.0);
        QCOMPARE(manifest->pruning.tau1, 0.15);
    }

    // Each row sets one place of the built-in model.json (or removes it: no value) and names the complaint.
    void refuses_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* pointer, const char* value, const char* reason) {
            QTest::addRow("%s = %s", pointer, value) << pointer << value << reason;
        };
        row("/schema", "2", "schema is 2, and this program knows 1");
        row("/schema", "", "schema is missing");
        row("/schema", "\"1\"", "schema is \"1\", not a whole number");
        row("/name", "", "name is missing");
        row("/name", "\"\"", "name is empty");
        row("/family", "\"flux\"", "family is flux");
        row("/license", "5", "license is 5, not text");
        row("/extra", "1", "unknown field extra");
        row("/dit", "", "dit is missing");
        row("/dit", "[]", "dit is a list, not an object");
        row("/dit/colour", "1", "unknown field dit.colour");
        row("/dit/dim", "", "dit.dim is missing");
        row("/dit/dim", "0", "dit.dim is 0, not a whole number from 1");
        row("/dit/dim", "-384", "dit.dim is -384, not");
        row("/dit/dim", "384.0", "dit.dim is 384.0, not");
        row("/dit/dim", "true", "dit.dim is true, not");
        row("/dit/dim", "null", "dit.dim is null, not");
        row("/dit/dim", "18446744073709551615", "dit.dim is 18446744073709551615, not");
        row("/dit/dim", "4294967680", "dit.dim is 4294967680, not");
        row("/dit/dim", "386", "not divisible by dit.num_heads");
        row("/dit/dim", "380", "dit.dim / dit.num_heads is 95, which is odd");
        row("/dit/num_heads", "0", "dit.num_heads is 0");
        row("/dit/freq_dim", "255", "dit.freq_dim is 255, which is odd");
        row("/dit/in_channels", "32", "dit.in_channels is 32, but 32 dit.out_channels with source_concat true make it 64");
        row("/dit/source_concat", "false", "dit.in_channels is 64, but 32 dit.out_channels with source_concat false make it 32");
        row("/dit/source_concat", "1", "dit.source_concat is 1, not true or false");
        row("/dit/patch", "[1,2]", "dit.patch has 2 sizes, not 3");
        row("/dit/patch", "[1,2,0]", "dit.patch[2] is 0");
        row("/dit/patch", "2", "dit.patch is 2, not a list");
        row("/dit/eps", "0", "dit.eps is 0");
        row("/dit/eps", "\"1e-6\"", "dit.eps is");
        row("/dit/window_frames", "2", "dit.window_frames is 2, less than the 3 dit.block_frames");
        row("/dit/window_frames", "\"all\"", "dit.window_frames is \"all\"");
        row("/dit/rope_max_frames", "0", "dit.rope_max_frames is 0");
        row("/dit/sink_frames", "-1", "dit.sink_frames is -1");
        row("/dit/block_frames", "0", "dit.block_frames is 0");
        row("/dit/files", "[]", "dit.files names no file");
        row("/dit/files", "", "dit.files names no file");
        row("/dit/files", "\"dit.safetensors\"", "dit.files is \"dit.safetensors\", not a list");
        row("/dit/files", "[3]", "dit.files[0] is 3, not text");
        row("/dit/files", "[\"a\",\"a\"]", "dit.files[1] names a a second time");
        row("/dit/files", "[\"\"]", "dit.files[0] names \"\", which is not a plain file name");
        row("/dit/files", "[\"/etc/passwd\"]", "dit.files[0] names \"/etc/passwd\"");
        row("/dit/files", "[\"../other/dit.safetensors\"]", "not a plain file name");
        row("/dit/files", "[\"a/../../b\"]", "not a plain file name");
        row("/dit/files", "[\"a/./b\"]", "not a plain file name");
        row("/dit/files", "[\"a//b\"]", "not a plain file name");
        row("/dit/files", "[\"a/\"]", "not a plain file name");
        row("/dit/files", "[\"..\"]", "not a plain file name");
        row("/dit/files", "[\"..\\\\b\"]", "not a plain file name");
        row("/dit/files", "[\"a\\u0000b\"]", "not a plain file name");
        row("/vae/kind", "\"vqgan\"", "vae.kind is vqgan");
        row("/vae/files", "", "vae.files names no file");
        row("/vae/latent_channels", "16", "vae.latent_channels is 16, but dit.out_channels is 32");
        row("/vae/spatial", "0", "vae.spatial is 0");
        row("/vae/guided", "\"yes\"", "vae.guided is \"yes\"");
        row("/vae/seed", "1", "unknown field vae.seed");
        row("/vae_full", "{\"kind\":\"taehv\",\"files\":[\"a\"],\"latent_channels\":32}", "vae_full.kind is taehv, not wan or wan2.2");
        row("/vae_full", "{\"kind\":\"wan\",\"files\":[],\"latent_channels\":32}", "vae_full.files names no file");
        row("/vae_full", "{\"kind\":\"wan\",\"files\":[\"a\"],\"latent_channels\":32,\"spatial\":16}", "vae_full has other latents than vae");
        row("/vae_full", "{\"kind\":\"wan\",\"files\":[\"a\"]}", "vae_full.latent_channels is 16, but dit.out_channels is 32");
        row("/text/kind", "\"clip\"", "text.kind is clip");
        row("/text/kind", "\"umt5\"", "text.tokenizer is missing");
        row("/text/files", "[\"../x\"]", "text.files[0] names");
        row("/text/tokenizer", "\"spiece.model\"", "unknown field text.tokenizer");
        row("/text/words", "[\"<end>\",\"<pad>\"]", "text.words does not begin with <pad> and <end>");
        row("/text/words/3", "\"art\"", "text.words[3] is art a second time");
        row("/text/words/3", "\"two words\"", "text.words[3] is \"two words\", not a word");
        row("/text/words/3", "\"\"", "text.words[3] is \"\", not a word");
        row("/text/prompts/oil", "\"oil paintng\"", "text.prompts.oil uses the word paintng, which is not in text.words");
        row("/text/prompts/oil", "\"oil oil oil oil oil oil oil\"", "text.prompts.oil is longer than dit.text_len, 8, allows");
        row("/text/strengths/1", "\"slightly\"", "text.strengths uses the word slightly");
        row("/text/guide_saturation/oil", "1.5", "text.guide_saturation.oil is 1.5, not a number from 0.0 to 1.0");
        row("/text/guide_saturation/plastic", "1", "text.guide_saturation.plastic names a look");
        row("/sampling/steps", "[]", "sampling.steps has 0 steps");
        row("/sampling/steps", "[400,400]", "sampling.steps are not in descending order");
        row("/sampling/steps", "[250,400]", "sampling.steps are not in descending order");
        row("/sampling/steps", "[1001]", "sampling.steps[0] is 1001");
        row("/sampling/steps", "[400,0]", "sampling.steps[1] is 0");
        row("/sampling/shift", "0", "sampling.shift is 0");
        row("/sampling/shift", "4", "sampling.shift lies outside sampling.limits");
        row("/sampling/steps", "[500,400,300,200,100]", "sampling.steps has 5 steps, not 1 to 4");
        row("/sampling/limits/most_steps", "0", "sampling.limits.most_steps is 0");
        row("/sampling/limits/lowest_shift", "6", "sampling.shift lies outside sampling.limits");
        row("/sampling/limits/highest_shift", "1000", "sampling.limits.highest_shift is 1000");
        row("/sampling/limits/strength", "1", "unknown field sampling.limits.strength");
        row("/sampling/cfg", "6", "unknown field sampling.cfg");
        row("/pruning/tau1", "-0.1", "pruning.tau1 is -0.1");
        row("/pruning/tau3", "1", "unknown field pruning.tau3");
    }
    void refuses() {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, reason);
        json manifest = json::parse(builtInText());
        const json::json_pointer place(pointer.toStdString());
        if (value.isEmpty())
            manifest[place.parent_pointer()].erase(place.back());
        else
            manifest[place] = json::parse(value.toStdString());
        m_files.write("model/model.json", manifest.dump());
        const auto read = weights::readManifest(m_files.path("model"));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::modelDamaged);
        const QString message = QString::fromStdString(read.error().message);
        QVERIFY2(message.contains(reason), qPrintable(message));
        QVERIFY(message.contains("model.json"));
        QVERIFY(!read.error().hint.empty());
    }

    void refusesBrokenJson() {
        const std::pair<std::string, std::string> cases[] = {{"", "not valid JSON (line 1, column 1)"},
                                                             {"{\n \"schema\": 1,\n}", "not valid JSON (line 3, column 1)"},
                                                             {"[]", "the outermost value is a list, not an object"},
                                                             {"{\"schema\":1,\"schema\":1}", "the name schema occurs twice"},
                                                             {std::string(100'000, '['), "its description"},
                                                             {std::string(100'000, '[') + std::string(100'000, ']'), "nested too deeply"}};
        for (const auto& [text, reason] : cases) {
            const auto manifest = weights::parseManifest(text, "config.json");
            QVERIFY(!manifest);
            QCOMPARE(manifest.error().code, ErrorCode::modelDamaged);
            QVERIFY2(manifest.error().message.find(reason) != std::string::npos, manifest.error().message.c_str());
            QVERIFY(manifest.error().message.find("config.json") != std::string::npos);
        }
    }

    void missingModels() {
        m_files.write("empty/readme.txt", "no model here");
        for (const char* name : {"absent", "empty", "empty/readme.txt"}) {
            const auto manifest = weights::readManifest(m_files.path(name));
            QVERIFY(!manifest);
            QCOMPARE(manifest.error().code, ErrorCode::modelMissing);
            QVERIFY(manifest.error().message.find(m_files.path(name).string()) != std::string::npos);
        }
    }

    void survivesDamage() {
        const Bytes original = bytesOf(json::parse(builtInText()).dump());
        Damager damage(4);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 5'000; ++i) {
            const Bytes bytes = damage(original);
            const auto manifest = weights::parseManifest(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), "damaged.json");
            if (manifest) {
                ++read;
                QVERIFY(manifest->dit.headDim() > 0);
            } else {
                ++refused;
                QCOMPARE(manifest.error().code, ErrorCode::modelDamaged);
            }
        }
        QVERIFY(read > 10);
        QVERIFY(refused > 1'000);
    }

private:
    FileFixture m_files;
};

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
