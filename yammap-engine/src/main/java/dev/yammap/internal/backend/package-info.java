/**
 * What the engine needs of the operating system, as two small interfaces; each way to get
 * it has a package of its own below.
 */
@NullMarked
package dev.yammap.internal.backend;

import org.jspecify.annotations.NullMarked;
