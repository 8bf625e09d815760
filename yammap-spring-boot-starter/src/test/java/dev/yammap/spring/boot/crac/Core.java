package dev.yammap.spring.boot.crac;

/**
 * The one context of the virtual machine.
 */
public final class Core {

	private static final Context context = new Context();

	private static Runnable atCheckpoint = () -> {
	};

	private Core() {
	}

	/**
	 * Returns the context.
	 * @return the context
	 */
	public static Context getGlobalContext() {
		return context;
	}

	/**
	 * Tells of a checkpoint, and at once of a restore.
	 * @throws CheckpointException if a resource cannot be saved
	 * @throws RestoreException if a resource cannot be restored
	 */
	public static void checkpointRestore() throws CheckpointException, RestoreException {
		context.checkpointRestore(atCheckpoint);
	}

	/**
	 * Forgets every resource, such as those of other tests.
	 * @param atCheckpoint what to do while the process would be saved
	 */
	public static void reset(Runnable atCheckpoint) {
		context.forgetAll();
		Core.atCheckpoint = atCheckpoint;
	}

}
