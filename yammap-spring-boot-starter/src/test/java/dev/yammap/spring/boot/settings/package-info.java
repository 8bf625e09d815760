@NullMarked
package dev.yammap.spring.boot.settings;

import org.jspecify.annotations.NullMarked;
