/**
 * Events of the JDK's Flight Recorder. Nothing else of the engine refers to its module,
 * which may be absent.
 */
@NullMarked
package dev.yammap.internal.jfr;

import org.jspecify.annotations.NullMarked;
