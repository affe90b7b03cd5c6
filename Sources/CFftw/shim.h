#include <fftw3.h>

// The version is an array of characters, which Swift does not import.
static inline const char *fftw_version_string(void) { return fftw_version; }
