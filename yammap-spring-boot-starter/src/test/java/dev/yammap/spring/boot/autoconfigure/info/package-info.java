@NullMarked
package dev.yammap.spring.boot.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
