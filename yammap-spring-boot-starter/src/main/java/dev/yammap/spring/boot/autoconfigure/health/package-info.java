/**
 * Auto-configuration of the health of mapped files.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
