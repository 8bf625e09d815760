/**
 * What the engine needs of the operating system
 * ({@link dev.yammap.internal.os.FileBackend} and
 * {@link dev.yammap.internal.os.BackendFile}), and what both backends share. Each backend
 * has a package of its own below. Uses no other package of the engine.
 */
@NullMarked
package dev.yammap.internal.os;

import org.jspecify.annotations.NullMarked;
