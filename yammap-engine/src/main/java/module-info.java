/**
 * Memory-mapped files on the Foreign Function &amp; Memory API. Depends on {@code java.base} alone.
 */
module dev.yammap.engine {

	requires static org.jspecify;

	exports dev.yammap;

}
