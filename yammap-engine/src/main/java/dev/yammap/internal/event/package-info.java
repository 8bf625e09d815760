/**
 * The events of a file, for its listeners and for the JDK's Flight Recorder. Only this
 * package refers to the module {@code jdk.jfr}, which may be absent. May use {@code os}.
 */
@NullMarked
package dev.yammap.internal.event;

import org.jspecify.annotations.NullMarked;
