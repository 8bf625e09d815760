/**
 * How bytes and single values get into a file and out of it, at any place or by a cursor.
 */
@NullMarked
package dev.yammap.internal.io;

import org.jspecify.annotations.NullMarked;
