/**
 * Auto-configuration of the info of mapped files.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
