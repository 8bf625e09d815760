/**
 * Auto-configuration of the endpoint.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;
