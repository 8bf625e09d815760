/**
 * What the start page shows and does: the live figures, the strips of the page cache,
 * bursts of visits, and the replacement of the table. A demonstration, without
 * authentication: one of each at a time, and within limits.
 */
@NullMarked
package dev.yammap.sample.live;

import org.jspecify.annotations.NullMarked;
