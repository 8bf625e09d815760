/**
 * What is counted instead of timed: the calls of an operation, the objects of an open
 * file.
 */
@NullMarked
package dev.yammap.benchmarks.structure;

import org.jspecify.annotations.NullMarked;
