/**
 * The sample "visits by country".
 */
@NullMarked
package dev.yammap.sample;

import org.jspecify.annotations.NullMarked;
