// The direct SHA-256 functions: deprecated in favour of EVP, which costs two allocations and a look-up a digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
