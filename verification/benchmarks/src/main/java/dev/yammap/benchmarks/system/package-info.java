/**
 * What needs a system that was prepared for it: a device that takes seconds, or a kernel
 * that refuses to promise memory it does not have.
 */
@NullMarked
package dev.yammap.benchmarks.system;

import org.jspecify.annotations.NullMarked;
