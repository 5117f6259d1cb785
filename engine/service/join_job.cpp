// Parts of one timeline put together, and what they are checked for.
#include "engine/media/clip_join.h"
#include "engine/service/clip_setup.h"
#include "engine/service/job.h"

namespace lipar::service {

Result<JoinReport> runJoin(const JoinRequest& request, JobContext& context) {
    std::error_code ignored;
    for (const std::filesystem::path& part : request.parts)
        if (std::filesystem::equivalent(part, request.output, ignored))
            return fail(ErrorCode::invalidArgument, "cannot write " + request.output.string() + ": it is one of the parts", "choose another output file");
    context.progress(Phase::finishing);
    LIPAR_TRY(media::joinParts(request.parts, request.output, context.cancel));
    LIPAR_ASSIGN(const media::MediaInfo media, media::probe(request.output));
    return JoinReport{describeClip(media)};
}

}  // namespace lipar::service
