#define _GNU_SOURCE
#include "process.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int process_memory_file(const char *label) {
    int descriptor = memfd_create(label, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor >= 0 && fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

int process_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int process_add_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

short process_hang_up_event(void) { return POLLRDHUP; }

void process_buffer_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

void process_trim_heap(size_t kept) {
    if (mallinfo2().fordblks > kept) malloc_trim(0);
}

void process_keep_heap(void) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
}
