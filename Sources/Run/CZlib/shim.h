#include <zlib.h>

// The library's own form is a macro, which Swift doesn't see. 31: a window of 32 KiB, in gzip's format.
static inline int czlib_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
}
