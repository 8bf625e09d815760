/**
 * The portable backend: what {@code java.io} and {@code java.nio} offer on every system,
 * without a restricted call. May use {@code os}.
 */
@NullMarked
package dev.yammap.internal.os.portable;

import org.jspecify.annotations.NullMarked;
