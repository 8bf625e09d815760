/**
 * The native backend: a file as Linux sees it, how it is opened, grows and is closed. It
 * makes its system calls by {@link dev.yammap.internal.os.linux.call}, and maps by
 * {@link dev.yammap.internal.os.linux.memory}. Outside of these three packages nothing in
 * the engine knows a system call, a page size or an errno. May use {@code os}.
 */
@NullMarked
package dev.yammap.internal.os.linux;

import org.jspecify.annotations.NullMarked;
