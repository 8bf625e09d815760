/**
 * How bytes and single values get into a file and out of it: at any place, by a cursor,
 * by a channel, or by a view. May use {@code file}, {@code fault} and {@code os}.
 */
@NullMarked
package dev.yammap.internal.io;

import org.jspecify.annotations.NullMarked;
