/**
 * The portable backend: what {@code java.io} and {@code java.nio} offer on every system,
 * without a restricted call.
 */
@NullMarked
package dev.yammap.internal.os.portable;

import org.jspecify.annotations.NullMarked;
