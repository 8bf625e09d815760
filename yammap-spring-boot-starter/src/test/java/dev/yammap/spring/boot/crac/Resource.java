package dev.yammap.spring.boot.crac;

/**
 * Who is told of checkpoints.
 */
public interface Resource {

	void beforeCheckpoint(Context context) throws Exception;

	void afterRestore(Context context) throws Exception;

}
