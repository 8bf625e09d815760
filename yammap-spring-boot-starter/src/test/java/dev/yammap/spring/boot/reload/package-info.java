@NullMarked
package dev.yammap.spring.boot.reload;

import org.jspecify.annotations.NullMarked;
