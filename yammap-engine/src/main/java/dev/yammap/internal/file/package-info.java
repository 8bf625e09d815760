/**
 * One open file: its size and mapping, how these change, and how the file ends.
 */
@NullMarked
package dev.yammap.internal.file;

import org.jspecify.annotations.NullMarked;
