#include <fftw3.h>

// Swift does not import arrays of unknown length.
static inline const char *martlet_fftw_version(void) { return fftw_version; }
