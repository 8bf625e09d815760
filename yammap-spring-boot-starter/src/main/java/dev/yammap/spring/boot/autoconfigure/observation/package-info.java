/**
 * Auto-configuration of the observations of syncs.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
