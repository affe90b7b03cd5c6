// Functions that are compiled for wider vectors too, where the processor has them.

#ifndef MARTLET_KERNELS_WIDE_H
#define MARTLET_KERNELS_WIDE_H

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#endif
