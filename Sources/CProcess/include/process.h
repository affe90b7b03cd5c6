// System calls of Linux that Swift does not see: GNU extensions, which its view of the C library leaves out.
#ifndef CPROCESS_H
#define CPROCESS_H

#include <spawn.h>
#include <stddef.h>

// A file in memory without a name in any directory, closed on exec, that can grow and never shrink: whoever has mapped it
// cannot lose what is under his feet. A descriptor, or -1 with errno.
int process_memory_file(const char *label);

// A pipe whose ends are closed on exec: first the one to read from. 0, or -1 with errno.
int process_pipe(int ends[2]);

// Adds to `actions`: close every descriptor from `first` on.
int process_add_close_from(posix_spawn_file_actions_t *actions, int first);

// The event of poll(2) for "the other side is gone".
short process_hang_up_event(void);

// Standard output goes out line by line, though it is a pipe.
void process_buffer_lines(void);

// Gives freed memory back to the system where there are more than so many bytes of it.
void process_trim_heap(size_t kept);

// Keeps freed memory, of arrays up to 32 MiB too, up to 256 MiB of it at the end of a heap.
void process_keep_heap(void);

#endif
