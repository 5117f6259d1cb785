#include "engine/media/codecs.h"

#include "engine/media/output_format.h"

namespace lipar::media {

std::vector<CodecSupport> supportedCodecs() {
    std::vector<CodecSupport> found;
    for (const char* name : {"h264", "hevc", "av1", "vp9", "prores", "ffv1"}) {
        CodecSupport support{name, {}, false};
        WriterOptions options;
        options.codec = name;
        // Every codec fits into one of these two.
        for (const char* file : {"clip.mkv", "clip.mov"})
            if (const auto format = chooseOutputFormat(file, options); format && !support.available)
                for (const EncoderChoice& choice : format->codec->encoders)
                    if (!support.available && avcodec_find_encoder_by_name(std::string(choice.name).c_str())) {
                        support.encoder = choice.name;
                        support.available = true;
                    }
        found.push_back(std::move(support));
    }
    return found;
}

std::string ffmpegVersion() { return av_version_info(); }

}  // namespace lipar::media
