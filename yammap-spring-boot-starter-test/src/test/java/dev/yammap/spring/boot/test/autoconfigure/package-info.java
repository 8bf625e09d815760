@NullUnmarked
package dev.yammap.spring.boot.test.autoconfigure;

import org.jspecify.annotations.NullUnmarked;
