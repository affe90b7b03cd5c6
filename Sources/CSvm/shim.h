#include <libsvm/svm.h>

/* The variable itself is one that might change, to Swift. */
static inline int libsvmVersion(void) { return libsvm_version; }
