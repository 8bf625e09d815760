/**
 * What benchmarks need of the engine's inside.
 */
@NullMarked
package dev.yammap.internal;

import org.jspecify.annotations.NullMarked;
