/**
 * Gets bytes and single values into a file and out of it: at any place, by a cursor,
 * through a channel, or through a view. May use {@code file}, {@code fault} and {@code
 * os}.
 */
@NullMarked
package dev.yammap.internal.io;

import org.jspecify.annotations.NullMarked;
