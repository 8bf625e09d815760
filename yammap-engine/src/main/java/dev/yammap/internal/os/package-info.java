/**
 * What the engine needs of the operating system, as two interfaces, and what both
 * backends share. Each backend has a package of its own below.
 */
@NullMarked
package dev.yammap.internal.os;

import org.jspecify.annotations.NullMarked;
