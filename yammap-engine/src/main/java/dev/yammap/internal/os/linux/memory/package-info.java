/**
 * The address space of files on Linux: what is reserved and mapped, what the kernel is
 * told and asked about it, and when it is given back. May use {@code os.linux.call} and
 * {@code os}.
 */
@NullMarked
package dev.yammap.internal.os.linux.memory;

import org.jspecify.annotations.NullMarked;
