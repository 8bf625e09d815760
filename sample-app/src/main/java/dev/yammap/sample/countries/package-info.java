/**
 * Which country an IPv4 address belongs to: the table, how it is built and searched.
 */
@NullMarked
package dev.yammap.sample.countries;

import org.jspecify.annotations.NullMarked;
