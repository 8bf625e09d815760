@NullMarked
package dev.yammap.spring.boot.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
