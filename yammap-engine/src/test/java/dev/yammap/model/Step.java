package dev.yammap.model;

/**
 * One call, the same for every file.
 *
 * @param action which
 * @param place where in the file
 * @param length how many bytes
 * @param seed all else: content, kinds of buffers, values
 */
record Step(Action action, Place place, int length, long seed) {

}
