/**
 * Memory-mapped files on the Foreign Function &amp; Memory API. Depends on {@code java.base} alone;
 * where {@code jdk.jfr} is there too, the JDK's Flight Recorder can record its events.
 */
@SuppressWarnings("module") // The journal is not there where the engine is compiled.
module dev.yammap.engine {

	requires static jdk.jfr;
	requires static org.jspecify;

	exports dev.yammap;

	exports dev.yammap.internal.fault to dev.yammap.journal;

}
