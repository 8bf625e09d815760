/**
 * Journals: records with sequence numbers in a directory of memory-mapped files. Depends
 * on the engine alone.
 */
module dev.yammap.journal {

	requires transitive dev.yammap.engine;
	requires static org.jspecify;

	exports dev.yammap.journal;

}
