/**
 * The native backend: Linux system calls through the C library. Nowhere else does the
 * engine know a system call, a page size or an errno.
 */
@NullMarked
package dev.yammap.internal.backend.linux;

import org.jspecify.annotations.NullMarked;
