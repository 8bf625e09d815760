package dev.yammap.internal.backend.linux;

import java.nio.file.Path;

/**
 * An open file descriptor.
 *
 * @param number the number
 * @param path the name that was opened: the path as it was given, or where its symbolic
 * links led
 * @param created whether opening it created the file
 * @param followLinks whether the path may have been, and may be, a symbolic link
 */
record Descriptor(int number, Path path, boolean created, boolean followLinks) {

}
