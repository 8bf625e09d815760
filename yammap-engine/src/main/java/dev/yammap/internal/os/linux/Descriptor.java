package dev.yammap.internal.os.linux;

import java.nio.file.Path;

import dev.yammap.internal.os.Origin;

/**
 * An open file descriptor.
 *
 * @param number the number
 * @param path the path as it was given
 * @param origin whether opening it created the file
 * @param followLinks whether the path may have been, and may be, a symbolic link
 */
record Descriptor(int number, Path path, Origin origin, boolean followLinks) {

}
