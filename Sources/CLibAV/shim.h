#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

// Swift sees no macros that compute.
static const int av_shim_end_of_file = AVERROR_EOF;
static const int av_shim_try_again = AVERROR(EAGAIN);
static const int av_shim_invalid_data = AVERROR_INVALIDDATA;
static const int av_shim_no_memory = AVERROR(ENOMEM);
static const int av_shim_io = AVERROR(EIO);
static const int64_t av_shim_no_time = AV_NOPTS_VALUE;
