package dev.yammap.spring.boot.crac;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells resources of checkpoints as the Javadoc of {@code jdk.crac.Context} has it: in
 * the reverse order of their registration, and of restores in that order; all of them,
 * whatever happens to the others; and of a restore also if there was no checkpoint.
 */
public class Context {

	private final List<Resource> resources = new ArrayList<>();

	/**
	 * Adds a resource.
	 * @param resource who is told
	 */
	public synchronized void register(Resource resource) {
		this.resources.add(resource);
	}

	synchronized void forgetAll() {
		this.resources.clear();
	}

	synchronized void checkpointRestore(Runnable atCheckpoint) throws CheckpointException, RestoreException {
		CheckpointException checkpointFailure = new CheckpointException();
		tell(this.resources.reversed(), Resource::beforeCheckpoint, checkpointFailure);
		boolean saved = checkpointFailure.getSuppressed().length == 0;
		if (saved) {
			atCheckpoint.run();
		}
		RestoreException restoreFailure = new RestoreException();
		tell(this.resources, Resource::afterRestore, restoreFailure);
		if (!saved) {
			throw checkpointFailure;
		}
		if (restoreFailure.getSuppressed().length > 0) {
			throw restoreFailure;
		}
	}

	private void tell(List<Resource> resources, Call call, Exception failure) {
		for (Resource resource : List.copyOf(resources)) {
			try {
				call.on(resource, this);
			}
			catch (Exception ex) {
				failure.addSuppressed(ex);
			}
		}
	}

	/**
	 * What a resource is told.
	 */
	@FunctionalInterface
	private interface Call {

		void on(Resource resource, Context context) throws Exception;

	}

}
