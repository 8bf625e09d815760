/**
 * The address space of files on Linux: reserves and maps it, tells and asks the kernel
 * about it, and gives it back. May use {@code os.linux.call} and {@code os}.
 */
@NullMarked
package dev.yammap.internal.os.linux.memory;

import org.jspecify.annotations.NullMarked;
